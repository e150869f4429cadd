package chat.milena.gateway.session;

/// How a connection's frames are written, and its resume points. Immutable.
///
/// @param points the positions of its user's shard
/// @param events whether each frame is an event of a stream (SSE) with a resume token of its own
public record FrameFormat(ResumePoints points, boolean events) {
    static final FrameFormat PLAIN = new FrameFormat(ResumePoints.NONE, false);
}
