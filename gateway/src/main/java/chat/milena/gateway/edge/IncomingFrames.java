package chat.milena.gateway.edge;

import chat.milena.gateway.live.FrameReceiver;
import chat.milena.runtime.limit.Budget;

/// Where the frames of WebSockets go, and their bounds.
///
/// @param unfinished bytes of messages that have begun to come and have not ended
public record IncomingFrames(FrameReceiver receiver, int frameBytesMax, Budget unfinished) {}
