package chat.milena.gateway.session;

import chat.milena.protocol.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.List;

/// One client's WebSocket, as little of it as the outbox needs. All but [#execute] and [#executeBurst] is for its own
/// I/O thread only; [#write] also for who is called by [#executeBurst].
public interface ClientSocket {

    /// Runs a task on the socket's I/O thread, soon; from any thread. Does nothing once that thread is gone.
    void execute(Runnable task);

    /// Runs a task that calls [#write]: here and now if any thread may write to this socket, or else as [#execute]
    /// does. From any thread; never blocks.
    void executeBurst(Runnable burst);

    /// Writes text frames, all of them with as few system calls as it takes; never blocks. The next ones only when
    /// these are flushed.
    ///
    /// @param frames each frame's text in UTF-8, at least one
    /// @param flushed called once, on any thread, possibly before this returns: all are written, or the socket is
    ///     broken
    void write(List<ByteBuffer> frames, Runnable flushed);

    /// Answers a ping.
    ///
    /// @param flushed as of [#write]
    void pong(ByteBuffer payload, Runnable flushed);

    /// Says goodbye after what was written. Further calls do nothing.
    void close(CloseCode code);

    /// Cuts the connection when the socket's own bound on closing is over, unless it is closed by then.
    void cutSoon();
}
