package chat.milena.gateway.session;

import chat.milena.protocol.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.List;

/// One client's WebSocket, as far as the outbox needs it. All methods except [#execute] and [#executeBurst] are
/// for its own I/O thread; [#write] also for code that [#executeBurst] calls.
public interface ClientSocket {

    /// Runs a task on the socket's I/O thread, soon; from any thread. Does nothing once that thread is gone.
    void execute(Runnable task);

    /// Runs a task that calls [#write]: immediately if any thread may write to this socket, or else like
    /// [#execute]. From any thread; never blocks.
    void executeBurst(Runnable burst);

    /// Writes text frames with as few system calls as possible; never blocks. Write the next ones only when these
    /// are flushed.
    ///
    /// @param frames each frame's text in UTF-8, at least one
    /// @param flushed called once, on any thread, possibly before this returns: all are written, or the socket is
    /// broken
    void write(List<ByteBuffer> frames, Runnable flushed);

    /// Answers a ping.
    ///
    /// @param flushed as in [#write]
    void pong(ByteBuffer payload, Runnable flushed);

    /// Sends a close after the written frames. Further calls do nothing.
    void close(CloseCode code);

    /// Cuts the connection after the socket's own timeout for closing, unless it is closed by then.
    void cutSoon();
}
