package chat.milena.bench.client;

import chat.milena.bench.frame.FrameReader;
import chat.milena.bench.frame.Words;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Opens connections of many users to one server, all on one small event-loop group. Thread-safe.
///
/// Tokens travel in `Sec-WebSocket-Protocol`, so they stay out of access logs.
public final class ChatClient implements AutoCloseable {
    private static final int FRAME_BYTES_MAX = 4 << 20;
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    private static final int CLOSE_SECONDS = 5;

    private final ClientOptions options;
    private final TokenSource tokens;
    private final Clock clock;
    private final MultiThreadIoEventLoopGroup loops;
    private final ConnectPace pace;
    private final SourceAddresses sources;
    private final Map<EventLoop, Words> words = new ConcurrentHashMap<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    public ChatClient(ClientOptions options, TokenSource tokens, Clock clock) {
        this.options = options;
        this.tokens = tokens;
        this.clock = clock;
        this.loops = new MultiThreadIoEventLoopGroup(options.eventLoopThreads(), NioIoHandler.newFactory());
        this.pace = new ConnectPace(options.connectsPerSecond(), System.nanoTime());
        sources = new SourceAddresses(options.server().getHost());
    }

    /// Connects; completes with the first `connected`, or fails if the connection ends before it.
    public CompletableFuture<Connection> connect(String userId, String deviceId, ConnectionListener listener) {
        Connection connection = new Connection(this, (EventLoop) loops.next(), userId, deviceId, listener);
        connections.add(connection);
        return connection.open();
    }

    /// From now on sockets are opened without a pace.
    public void dropPace() {
        pace.letGo(System.nanoTime());
    }

    public ClientOptions options() {
        return options;
    }

    /// Closes every connection, waits a few seconds for the answers, and stops the event loops.
    @Override
    public void close() {
        CompletableFuture<?>[] closing =
                connections.stream().map(Connection::close).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(closing)
                .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
                .join();
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Words wordsOf(EventLoop loop) {
        return words.computeIfAbsent(loop, anyLoop -> new Words());
    }

    TokenSource tokens() {
        return tokens;
    }

    Clock clock() {
        return clock;
    }

    ConnectPace pace() {
        return pace;
    }

    void forget(Connection connection) {
        connections.remove(connection);
    }

    void openSocket(Connection connection, EventLoop loop, boolean wantsText, @Nullable String resumeToken) {
        URI server = options.server();
        InetSocketAddress to = ClientOptions.address(server);
        URI address = URI.create("ws://" + server.getHost() + ":" + to.getPort() + "/ws?device_id="
                + URLEncoder.encode(connection.deviceId(), StandardCharsets.UTF_8)
                + (resumeToken == null ? "" : "&resume=" + URLEncoder.encode(resumeToken, StandardCharsets.UTF_8)));
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // Made for each attempt: a token may have expired since the last one.
                        WebSocketClientHandshaker handshaker = WebSocketClientHandshakerFactory.newHandshaker(
                                address,
                                WebSocketVersion.V13,
                                "milena.v1, " + tokens.tokenFor(connection.userId()),
                                false,
                                new DefaultHttpHeaders(),
                                FRAME_BYTES_MAX);
                        channel.pipeline()
                                .addLast(new HttpClientCodec())
                                .addLast(new HttpObjectAggregator(16 << 10))
                                .addLast(new WebSocketFrameAggregator(FRAME_BYTES_MAX))
                                .addLast(new SocketHandler(
                                        connection, handshaker, new FrameReader(wantsText, wordsOf(loop))));
                    }
                })
                .connect(to, sources.next())
                .addListener(opened -> {
                    if (!opened.isSuccess()) {
                        connection.socketEnded(
                                CloseReason.lost(
                                        "cannot connect: " + opened.cause().getMessage()),
                                null);
                    }
                });
    }
}
