package chat.milena.runtime.http;

import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/// Undertow's HTTP reader on a socket whose new connections [Connections] admits. Undertow's own builder offers
/// no place to reject a connection before it is read.
///
/// A head may have 16 KiB and 64 fields, and take 10 seconds from its first byte.
final class HttpListener {
    private static final int BACKLOG = 4_096;
    private static final int HEAD_BYTES_MAX = 16 * 1024;
    private static final int HEAD_FIELDS_MAX = 64;
    private static final int PARAMETERS_MAX = 64;
    private static final Duration HEAD_WITHIN = Duration.ofSeconds(10);
    private static final Duration SHUTDOWN_WITHIN = Duration.ofSeconds(1);
    private static final int BUFFER_BYTES = 16 * 1024;
    /// Connections that are accepted beyond the bound only to be closed.
    private static final int REFUSED_AT_ONCE = 64;

    /// Buffers that are kept for reuse. They are on the heap: Undertow frees memory outside of the heap late, and
    /// some of it never.
    private static final int BUFFERS_KEPT_MAX = 1_000;

    private static final int BUFFERS_A_THREAD = 4;

    private final HttpConfig config;
    private final Connections connections;
    private final HttpHandler handler;
    private volatile @Nullable Bound bound;

    private record Bound(XnioWorker worker, HttpOpenListener reader, AcceptingChannel<StreamConnection> socket) {}

    HttpListener(HttpConfig config, Connections connections, HttpHandler handler) {
        this.config = config;
        this.connections = connections;
        this.handler = new ExchangeDeadline(config.exchangeWithin(), handler);
    }

    /// Binds the port.
    ///
    /// @throws IOException if the port cannot be bound
    void start() throws IOException {
        XnioWorker worker = Xnio.getInstance(HttpListener.class.getClassLoader())
                .createWorker(OptionMap.builder()
                        .set(Options.WORKER_IO_THREADS, config.ioThreads())
                        // Nothing is dispatched to XNIO's own workers; blocking work runs on virtual threads.
                        .set(Options.WORKER_TASK_CORE_THREADS, 1)
                        .set(Options.WORKER_TASK_MAX_THREADS, 1)
                        .set(Options.TCP_NODELAY, true)
                        .getMap());
        try {
            HttpOpenListener reader = reader(handler);
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(config.host()), config.port());
            AcceptingChannel<StreamConnection> socket = worker.createStreamConnectionServer(
                    address, ChannelListeners.openListenerAdapter(connections.before(reader)), socketOptions(config));
            socket.resumeAccepts();
            bound = new Bound(worker, reader, socket);
        } catch (IOException | RuntimeException e) {
            worker.shutdownNow();
            String where = "cannot bind port " + config.port() + " on " + config.host();
            if (e instanceof BindException) {
                throw new BindException(where + ": " + e.getMessage());
            }
            throw new IOException(where, e);
        }
    }

    private static HttpOpenListener reader(HttpHandler handler) {
        ByteBufferPool buffers = new DefaultByteBufferPool(false, BUFFER_BYTES, BUFFERS_KEPT_MAX, BUFFERS_A_THREAD);
        HttpOpenListener reader = new HttpOpenListener(
                buffers,
                OptionMap.builder()
                        // RequestTarget does both, and answers in JSON if the target cannot be read.
                        .set(UndertowOptions.DECODE_URL, false)
                        .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
                        .set(UndertowOptions.MAX_HEADER_SIZE, HEAD_BYTES_MAX)
                        .set(UndertowOptions.MAX_HEADERS, HEAD_FIELDS_MAX)
                        .set(UndertowOptions.MAX_COOKIES, HEAD_FIELDS_MAX)
                        .set(UndertowOptions.MAX_PARAMETERS, PARAMETERS_MAX)
                        // Undertow measures by the machine's clock. Peer bounds the time to a head even if the
                        // clock steps.
                        .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, Math.toIntExact(HEAD_WITHIN.toMillis()))
                        .getMap());
        reader.setRootHandler(new ClientWatch(handler));
        return reader;
    }

    private static OptionMap socketOptions(HttpConfig config) {
        return OptionMap.builder()
                .set(Options.WORKER_IO_THREADS, config.ioThreads())
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BALANCING_TOKENS, 1)
                .set(Options.BALANCING_CONNECTIONS, 2)
                .set(Options.BACKLOG, BACKLOG)
                .set(Options.CONNECTION_HIGH_WATER, config.connections().max() + REFUSED_AT_ONCE)
                .set(Options.CONNECTION_LOW_WATER, config.connections().max() + REFUSED_AT_ONCE)
                .getMap();
    }

    /// The bound port, once started.
    int port() {
        Bound running = bound;
        if (running == null) {
            throw new IllegalStateException("Not started");
        }
        return running.socket.getLocalAddress(InetSocketAddress.class).getPort();
    }

    /// Ends all connections. Without effect unless it runs.
    void stop() {
        Bound running = bound;
        if (running == null) {
            return;
        }
        bound = null;
        IoUtils.safeClose(running.socket);
        running.reader.closeConnections();
        XnioWorker worker = running.worker;
        worker.shutdown();
        boolean ended = false;
        try {
            ended = worker.awaitTermination(SHUTDOWN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            worker.shutdownNow();
        }
    }
}
