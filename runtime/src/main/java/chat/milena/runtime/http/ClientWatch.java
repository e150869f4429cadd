package chat.milena.runtime.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/// Closes the connection of an exchange whose client has gone, so that what waits for that client ends
/// ([Peer#atEnd]). Between a request and its answer nobody else reads the socket, so the end of the stream would
/// stay unnoticed.
///
/// A client that only stops sending counts as gone: its socket looks like a closed one.
///
/// A next request that comes before the answer (pipelining) is kept for Undertow, which reads it first.
/// **Bound.** One buffer a connection. Bytes beyond it stay unread, and the end of such a client is noticed by
/// the next write.
final class ClientWatch implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ClientWatch.class);
    private static final AttachmentKey<Watch> WATCH = AttachmentKey.create(Watch.class);
    private static final int GONE = -1;

    private final HttpHandler next;

    ClientWatch(HttpHandler next) {
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (exchange.getConnection() instanceof AbstractServerConnection connection) {
            Watch watch = new Watch(connection);
            exchange.putAttachment(WATCH, watch);
            exchange.addExchangeCompleteListener((ended, following) -> {
                watch.end();
                following.proceed();
            });
            requestCame(exchange);
        }
        next.handleRequest(exchange);
    }

    /// Starts the watch, unless more of the request is still to be read. Call it when the body has come, on any
    /// thread.
    static void requestCame(HttpServerExchange exchange) {
        Watch watch = exchange.getAttachment(WATCH);
        if (watch != null && exchange.isRequestComplete()) {
            watch.begin();
        }
    }

    /// Reads on the I/O thread, under the monitor, so that it reads nothing once its exchange has ended.
    private static final class Watch {
        private final AbstractServerConnection connection;
        private boolean begun;
        private boolean ended;

        private Watch(AbstractServerConnection connection) {
            this.connection = connection;
        }

        private synchronized void begin() {
            if (!begun && !ended) {
                begun = true;
                connection.getChannel().getSourceChannel().setReadListener(source -> read());
                connection.getOriginalSourceConduit().resumeReads();
            }
        }

        /// Leaves the channel suspended, as Undertow had it. Undertow then sets its own listener.
        private synchronized void end() {
            ended = true;
            if (begun) {
                connection.getOriginalSourceConduit().suspendReads();
            }
        }

        private void read() {
            if (isGone()) {
                // Outside the monitor: it runs the actions that others registered for the end.
                IoUtils.safeClose(connection);
            }
        }

        private synchronized boolean isGone() {
            if (ended) {
                return false;
            }
            PooledByteBuffer kept = connection.getExtraBytes();
            PooledByteBuffer pooled =
                    kept == null ? connection.getByteBufferPool().allocate() : kept;
            ByteBuffer buffer = pooled.getBuffer();
            if (kept == null) {
                buffer.clear();
            } else {
                buffer.compact();
            }
            int count = readInto(buffer);
            if (!buffer.hasRemaining()) {
                connection.getOriginalSourceConduit().suspendReads();
            }
            if (buffer.flip().hasRemaining()) {
                connection.setExtraBytes(pooled);
            } else {
                pooled.close();
            }
            return count == GONE;
        }

        private int readInto(ByteBuffer buffer) {
            try {
                return connection.getOriginalSourceConduit().read(buffer);
            } catch (IOException e) {
                LOG.debug("A client has gone: {}", e.toString());
                return GONE;
            }
        }
    }
}
