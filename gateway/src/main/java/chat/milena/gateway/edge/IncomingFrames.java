package chat.milena.gateway.edge;

import chat.milena.gateway.live.FrameReceiver;
import chat.milena.runtime.limit.Budget;

/// The receiver of frames of WebSockets, and their bounds.
///
/// @param unfinished bytes of messages that have started and not ended
public record IncomingFrames(FrameReceiver receiver, int frameBytesMax, Budget unfinished) {}
