/// Records that cannot be handled become dead letters, and the stream goes on.
///
/// [chat.milena.topology.deadletter.RecordReader] says whether a record can be read;
/// [chat.milena.topology.deadletter.DeadLetters] takes those that cannot be, or that break a rule.
@NullMarked
package chat.milena.topology.deadletter;

import org.jspecify.annotations.NullMarked;
