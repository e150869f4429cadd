/// Records that cannot be handled become dead letters, and the stream goes on.
///
/// [chat.milena.streams.deadletter.RecordReader] says whether a record can be read;
/// [chat.milena.streams.deadletter.DeadLetters] takes those that cannot be, or that break a rule.
@NullMarked
package chat.milena.streams.deadletter;

import org.jspecify.annotations.NullMarked;
