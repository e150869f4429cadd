/// Frames of WebSockets, streams of events and polls: the frames of clients and their checks, the frames of the
/// server, and the close codes.
@NullMarked
package chat.milena.protocol.frame;

import org.jspecify.annotations.NullMarked;
