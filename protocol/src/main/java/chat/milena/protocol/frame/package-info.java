/// Frames of WebSockets, streams of events and polls: what clients send, and how it is checked; what they are sent; and
/// why a connection is closed.
@NullMarked
package chat.milena.protocol.frame;

import org.jspecify.annotations.NullMarked;
