/// Records that cannot be handled become dead letters, and the stream continues.
///
/// [chat.milena.streams.deadletter.RecordReader] decides whether a record can be read;
/// [chat.milena.streams.deadletter.DeadLetters] takes the others, and those that break a rule.
@NullMarked
package chat.milena.streams.deadletter;

import org.jspecify.annotations.NullMarked;
