package chat.milena.gateway.edge;

import chat.milena.gateway.session.ClientSocket;
import chat.milena.protocol.frame.CloseCode;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;

/// A [ClientSocket] over Undertow's WebSocket channel. Any thread may write to it.
final class UndertowSocket implements ClientSocket {
    private final ClientChannel channel;
    private final WireFrames wireFrames;
    private final Duration closeTimeout;
    private boolean cutting;

    UndertowSocket(ClientChannel channel, WireFrames wireFrames, Duration closeTimeout) {
        this.channel = channel;
        this.wireFrames = wireFrames;
        this.closeTimeout = closeTimeout;
    }

    @Override
    public void execute(Runnable task) {
        channel.onIoThread(task);
    }

    @Override
    public void executeBurst(Runnable burst) {
        burst.run();
    }

    @Override
    public void write(List<ByteBuffer> frames, Runnable flushed) {
        channel.write(wireFrames.texts(frames), flushed);
    }

    @Override
    public void pong(ByteBuffer payload, Runnable flushed) {
        channel.write(wireFrames.pong(payload), flushed);
    }

    @Override
    public void close(CloseCode code) {
        if (!channel.isCloseFrameSent() && channel.isOpen()) {
            WebSockets.sendClose(new CloseMessage(code.code(), code.reason()), channel, null);
        }
    }

    @Override
    public void cutSoon() {
        if (!cutting && channel.isOpen()) {
            cutting = true;
            channel.getIoThread()
                    .executeAfter(() -> IoUtils.safeClose(channel), closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
