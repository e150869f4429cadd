/// Transcripts of real conversations played through the public protocol. Each file is a group, each person a
/// connection.
@NullMarked
package chat.milena.bench.replay;

import org.jspecify.annotations.NullMarked;
