package chat.milena.gateway.edge;

import chat.milena.gateway.session.ClientSocket;
import chat.milena.protocol.frame.CloseCode;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/// A [ClientSocket] over the answer to one HTTP request, which continues until one side ends it. It writes one
/// event after the other; a close has no code, the stream just ends.
final class EventStream implements ClientSocket {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private final HttpServerExchange exchange;
    private final StreamSinkChannel channel;
    private final Duration closeTimeout;
    /// Both for the I/O thread: the rest of the burst in progress, and its callback.
    private @Nullable ByteBuffer left;

    private @Nullable Runnable flushed;
    private boolean ending;
    private boolean cutting;

    /// On the exchange's I/O thread, before the answer has started.
    EventStream(HttpServerExchange exchange, Duration closeTimeout) {
        this.exchange = exchange;
        this.closeTimeout = closeTimeout;
        this.channel = exchange.getResponseChannel();
        channel.getWriteSetter().set(sink -> proceed());
    }

    @Override
    public void execute(Runnable task) {
        try {
            exchange.getIoThread().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The listener has stopped, and this stream with it");
        }
    }

    /// Undertow's answers may be used only on their I/O thread.
    @Override
    public void executeBurst(Runnable burst) {
        execute(burst);
    }

    @Override
    public void write(List<ByteBuffer> frames, Runnable done) {
        int bytes = frames.stream().mapToInt(ByteBuffer::remaining).sum();
        // As one piece: a chunk of the answer for each would cost a system call each.
        ByteBuffer whole = ByteBuffer.allocate(bytes);
        frames.forEach(whole::put);
        left = whole.flip();
        flushed = done;
        proceed();
    }

    /// Writes what the socket takes; the channel calls again when it takes more.
    private void proceed() {
        try {
            while (left != null && left.hasRemaining()) {
                if (channel.write(left) == 0) {
                    channel.resumeWrites();
                    return;
                }
            }
            if (!channel.flush()) {
                channel.resumeWrites();
                return;
            }
            channel.suspendWrites();
            if (ending) {
                exchange.endExchange();
            }
        } catch (IOException e) {
            LOG.debug("Not written: {}", e.toString());
            drop();
            return;
        }
        done();
    }

    private void done() {
        left = null;
        Runnable callback = flushed;
        flushed = null;
        if (callback != null) {
            callback.run();
        }
    }

    /// There are no pings here.
    @Override
    public void pong(ByteBuffer payload, Runnable flushed) {
        flushed.run();
    }

    @Override
    public void close(CloseCode code) {
        if (ending) {
            return;
        }
        ending = true;
        try {
            channel.shutdownWrites();
        } catch (IOException e) {
            LOG.debug("Not ended: {}", e.toString());
            drop();
            return;
        }
        proceed();
    }

    @Override
    public void cutSoon() {
        if (!cutting) {
            cutting = true;
            exchange.getIoThread().executeAfter(this::drop, closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// The channel does not always call again once its connection is closed.
    private void drop() {
        IoUtils.safeClose(exchange.getConnection());
        done();
    }
}
