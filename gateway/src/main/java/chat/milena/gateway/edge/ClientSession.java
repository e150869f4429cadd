package chat.milena.gateway.edge;

import chat.milena.gateway.live.FrameReceiver;
import chat.milena.gateway.session.Connection;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.runtime.limit.Hold;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.StreamSourceFrameChannel;
import io.undertow.websockets.core.WebSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.Buffers;
import org.xnio.IoUtils;
import org.xnio.Pooled;

/// One WebSocket from its upgrade to its end: first without, then with a [Connection].
///
/// ```
/// opening ──open──▶ open ──▶ closed
///    └──────refuse / gone──────▲
/// ```
/// Nothing is read while it is opening. Resources of the connection are returned once, by [#closed()], or by an
/// [#open] that came too late. Frames come in on the I/O thread; the rest is safe for all threads.
final class ClientSession extends AbstractReceiveListener {
    private final WebSocketChannel channel;
    private final UndertowSocket socket;
    private final FrameReceiver receiver;
    private final IncomingFrames incoming;
    private volatile State state = new Opening();
    /// The budget of a message that has started and not ended; for the I/O thread, except for its end.
    private volatile @Nullable Hold hold;

    private boolean amid;

    private sealed interface State {}

    private record Opening() implements State {
        Open toOpen(Connection connection, Runnable giveBack) {
            return new Open(connection, giveBack);
        }

        Closed toClosed() {
            return new Closed();
        }
    }

    private record Open(Connection connection, Runnable giveBack) implements State {
        Closed toClosed() {
            return new Closed();
        }
    }

    private record Closed() implements State {}

    ClientSession(WebSocketChannel channel, UndertowSocket socket, IncomingFrames incoming) {
        this.channel = channel;
        this.socket = socket;
        this.receiver = incoming.receiver();
        this.incoming = incoming;
    }

    UndertowSocket socket() {
        return socket;
    }

    /// From now on frames of this socket belong to this connection.
    ///
    /// @param giveBack run when the connection is over; immediately if it already is
    /// @return false if it is over
    boolean open(Connection connection, Runnable giveBack) {
        if (!isOpened(connection, giveBack)) {
            giveBack.run();
            return false;
        }
        channel.resumeReceives();
        return true;
    }

    private synchronized boolean isOpened(Connection connection, Runnable giveBack) {
        if (!(state instanceof Opening opening)) {
            return false;
        }
        state = opening.toOpen(connection, giveBack);
        return true;
    }

    /// Closes a socket that never became a connection.
    void refuse(CloseCode code) {
        socket.execute(() -> {
            socket.close(code);
            socket.cutSoon();
            // The client's own close must be read for a clean end of the connection.
            channel.resumeReceives();
        });
    }

    /// The socket is gone, for whatever reason.
    void closed() {
        if (close() instanceof Open open) {
            open.giveBack().run();
        }
        Hold taken = hold;
        if (taken != null) {
            taken.end();
        }
    }

    /// @return the previous state
    private synchronized State close() {
        State before = state;
        state = switch (before) {
            case Opening opening -> opening.toClosed();
            case Open open -> open.toClosed();
            case Closed closed -> closed;
        };
        return before;
    }

    private @Nullable Connection connection() {
        return state instanceof Open open ? open.connection() : null;
    }

    @Override
    protected long getMaxTextBufferSize() {
        return incoming.frameBytesMax();
    }

    @Override
    protected long getMaxBinaryBufferSize() {
        return incoming.frameBytesMax();
    }

    /// Undertow's own limit would close with another code; here pings count as frames.
    @Override
    protected int getMaxPingsPerWindow() {
        return Integer.MAX_VALUE;
    }

    @Override
    protected void onText(WebSocketChannel from, StreamSourceFrameChannel message) throws IOException {
        began();
        super.onText(from, message);
        holdUnfinished();
    }

    @Override
    protected void onBinary(WebSocketChannel from, StreamSourceFrameChannel message) throws IOException {
        began();
        super.onBinary(from, message);
        holdUnfinished();
    }

    /// The received part of a message is kept until the rest comes, so it counts with its maximum size. If that is
    /// too much, the connection is closed.
    private void holdUnfinished() {
        Connection current = connection();
        if (amid && hold == null && current != null) {
            Hold taken = new Hold(incoming.unfinished(), current.holder());
            hold = taken;
            if (!taken.grow(incoming.frameBytesMax())) {
                current.close(CloseCode.TRY_AGAIN_LATER);
            }
        }
    }

    private void finished() {
        amid = false;
        Hold taken = hold;
        if (taken != null) {
            taken.end();
            hold = null;
        }
    }

    private void began() {
        amid = true;
        Connection current = connection();
        if (current != null) {
            receiver.began(current);
        }
    }

    /// A further part of a message.
    void part() {
        Connection current = connection();
        if (current != null) {
            receiver.receivePart(current);
        }
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) {
        finished();
        Connection current = connection();
        String text = message.getData();
        if (current != null) {
            receiver.receive(current, text);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // the type that Undertow's own signature has
    protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message) {
        finished();
        message.getData().free();
        Connection current = connection();
        if (current != null) {
            receiver.receiveBinary(current);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // the type that Undertow's own signature has
    protected void onFullPingMessage(WebSocketChannel from, BufferedBinaryMessage message) {
        Pooled<ByteBuffer[]> pooled = message.getData();
        byte[] payload;
        try {
            payload = Buffers.take(pooled.getResource(), 0, pooled.getResource().length);
        } finally {
            pooled.free();
        }
        Connection current = connection();
        if (current != null) {
            receiver.receivePing(current, ByteBuffer.wrap(payload));
        }
    }

    @Override
    @SuppressWarnings("deprecation") // the type that Undertow's own signature has
    protected void onFullPongMessage(WebSocketChannel from, BufferedBinaryMessage message) {
        message.getData().free();
        Connection current = connection();
        if (current != null) {
            receiver.receivePong(current);
        }
    }

    /// Undertow has already sent the close if it found the frame to be too large or not UTF-8.
    @Override
    protected void onError(WebSocketChannel from, Throwable error) {
        if (from.isCloseFrameSent()) {
            socket.cutSoon();
        } else {
            IoUtils.safeClose(from);
        }
    }
}
