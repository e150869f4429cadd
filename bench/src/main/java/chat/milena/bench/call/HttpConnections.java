package chat.milena.bench.call;

import chat.milena.bench.client.ClientOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Kept HTTP/1.1 connections to one origin.
///
/// Thread-safe; answers arrive on the event loop. The number of open connections is bounded. Further calls wait in
/// line, up to [#WAITING_MAX], and fail beyond that. A call without an answer in time fails and closes its
/// connection. A kept connection that the other end closed is replaced once without an error, since it may have
/// been idle for too long; except for calls that must not be repeated.
// Netty's futures are not awaited here: a failure completes the call.
@SuppressWarnings("FutureReturnValueIgnored")
public final class HttpConnections implements AutoCloseable {
    public static final int WAITING_MAX = 10_000;
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int CLOSE_SECONDS = 5;

    private final URI origin;
    private final int openMax;
    private final MultiThreadIoEventLoopGroup loops;
    private final Bootstrap bootstrap;
    private final Deque<Channel> idle = new ArrayDeque<>();
    private final Queue<HttpCall> waiting = new ArrayDeque<>();
    private int open;
    private boolean ended;

    /// @param patience how long one call may take, without the time to connect
    public HttpConnections(URI origin, int openMax, int eventLoopThreads, Duration patience) {
        // The same rules for an address as for a WebSocket.
        this.origin = ClientOptions.of(origin).server();
        this.openMax = openMax;
        this.loops = new MultiThreadIoEventLoopGroup(eventLoopThreads, NioIoHandler.newFactory());
        String host = origin.getAuthority();
        this.bootstrap = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpClientCodec())
                                .addLast(new HttpObjectAggregator(ANSWER_BYTES_MAX))
                                .addLast(new HttpSocket(HttpConnections.this, host, patience));
                    }
                });
    }

    public URI origin() {
        return origin;
    }

    /// A read: a GET, or a POST if there is a body. The result fails with an [IOException] if there is no answer.
    public CompletableFuture<HttpAnswer> call(String path, String token, @Nullable String body) {
        return call(new HttpCall(body == null ? "GET" : "POST", path, token, body, null, true));
    }

    /// Any call. The result fails with an [IOException] if there is no answer.
    CompletableFuture<HttpAnswer> call(HttpCall call) {
        dispatch(call);
        return call.answer();
    }

    private void dispatch(HttpCall call) {
        Channel kept;
        IOException refusal = null;
        synchronized (this) {
            kept = idle.pollLast();
            if (ended) {
                refusal = new IOException("the connections were closed");
            } else if (kept == null && open < openMax) {
                open++;
            } else if (kept == null && waiting.size() < WAITING_MAX) {
                waiting.add(call);
                return;
            } else if (kept == null) {
                refusal = new IOException("more than " + WAITING_MAX + " calls wait for a connection");
            }
        }
        if (refusal != null) {
            call.answer().completeExceptionally(refusal);
        } else if (kept != null) {
            begin(kept, call);
        } else {
            connect(call);
        }
    }

    private void connect(HttpCall call) {
        bootstrap.connect(ClientOptions.address(origin)).addListener((ChannelFuture opened) -> {
            if (opened.isSuccess()) {
                begin(opened.channel(), call);
            } else {
                closed();
                call.answer().completeExceptionally(opened.cause());
            }
        });
    }

    private void begin(Channel channel, HttpCall call) {
        if (channel.eventLoop().inEventLoop()) {
            beginOnLoop(channel, call);
        } else {
            channel.eventLoop().execute(() -> beginOnLoop(channel, call));
        }
    }

    private void beginOnLoop(Channel channel, HttpCall call) {
        HttpSocket socket = channel.pipeline().get(HttpSocket.class);
        if (socket == null) {
            // A closed channel removes its handlers.
            lost(call, new IOException("the connection was closed before the call"), true);
        } else {
            socket.begin(channel.pipeline().context(socket), call);
        }
    }

    /// A connection has answered and can take the next call.
    void free(Channel channel) {
        HttpCall next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                idle.addLast(channel);
            }
        }
        if (next != null) {
            begin(channel, next);
        }
    }

    /// A connection has ended, or was never made; called once for each.
    void closed() {
        HttpCall next;
        synchronized (this) {
            open--;
            idle.removeIf(channel -> !channel.isActive());
            next = waiting.poll();
        }
        if (next != null) {
            dispatch(next);
        }
    }

    /// Handles a call without an answer whose connection has ended.
    void lost(HttpCall call, IOException reason, boolean wasKept) {
        if (wasKept && call.mayGoAgain()) {
            dispatch(call);
        } else {
            call.answer().completeExceptionally(reason);
        }
    }

    @Override
    public void close() {
        List<HttpCall> unanswered;
        synchronized (this) {
            ended = true;
            unanswered = List.copyOf(waiting);
            waiting.clear();
        }
        IOException reason = new IOException("the connections were closed");
        unanswered.forEach(call -> call.answer().completeExceptionally(reason));
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
