package chat.milena.gateway.server;

import chat.milena.gateway.connection.Socket;
import chat.milena.gateway.frame.CloseCode;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.util.ImmediatePooledByteBuffer;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.StreamSinkFrameChannel;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSocketFrameType;
import io.undertow.websockets.core.WebSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/// A [Socket] over Undertow's WebSocket channel.
final class UndertowSocket implements Socket {
    private static final Logger LOG = LoggerFactory.getLogger(UndertowSocket.class);

    private final WebSocketChannel channel;
    private final Duration closeTimeout;
    private boolean cutting;

    UndertowSocket(WebSocketChannel channel, Duration closeTimeout) {
        this.channel = channel;
        this.closeTimeout = closeTimeout;
    }

    @Override
    public void execute(Runnable task) {
        try {
            channel.getIoThread().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The listener has stopped, and this socket with it");
        }
    }

    @Override
    public Object ioThread() {
        return channel.getIoThread();
    }

    @Override
    public void write(List<ByteBuffer> frames, Runnable flushed) {
        Written written = new Written(frames.getLast(), flushed);
        if (isClosing()) {
            written.close();
            return;
        }
        // Frames are only queued until the flush, which hands all of them to one gathering write.
        channel.setRequireExplicitFlush(true);
        try {
            for (int i = 0; i < frames.size() - 1; i++) {
                queue(new ImmediatePooledByteBuffer(frames.get(i)));
            }
            queue(written);
        } catch (IOException e) {
            LOG.debug("Not written: {}", e.toString());
            written.close();
            IoUtils.safeClose(channel);
        } finally {
            channel.setRequireExplicitFlush(false);
        }
        channel.flush();
    }

    private void queue(PooledByteBuffer text) throws IOException {
        StreamSinkFrameChannel frame = channel.send(WebSocketFrameType.TEXT);
        if (!frame.send(text)) {
            throw new IOException("A new frame did not take its text");
        }
        frame.shutdownWrites();
    }

    @Override
    public void pong(ByteBuffer payload, Runnable flushed) {
        if (isClosing()) {
            flushed.run();
        } else {
            WebSockets.sendPong(payload, channel, new Flushed(flushed));
        }
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

    private boolean isClosing() {
        return channel.isCloseFrameSent() || channel.isCloseFrameReceived() || !channel.isOpen();
    }

    private record Flushed(Runnable told) implements WebSocketCallback<Void> {
        @Override
        public void complete(WebSocketChannel from, Void nothing) {
            told.run();
        }

        @Override
        public void onError(WebSocketChannel from, Void nothing, Throwable error) {
            told.run();
        }
    }

    /// The last text of a burst. Undertow closes it when it has been written, or never will be; texts before it have
    /// been by then.
    private static final class Written implements PooledByteBuffer {
        private final ByteBuffer text;
        private final Runnable flushed;
        private boolean open = true;

        private Written(ByteBuffer text, Runnable flushed) {
            this.text = text;
            this.flushed = flushed;
        }

        @Override
        public ByteBuffer getBuffer() {
            return text;
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                flushed.run();
            }
        }

        @Override
        public boolean isOpen() {
            return open;
        }
    }
}
