package chat.milena.bench.client;

import chat.milena.bench.frame.FrameReader;
import chat.milena.bench.frame.ServerFrame;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One socket of a [Connection]: upgrades it, turns text into frames, and reports once how it ended.
// Netty's futures are not awaited here: a failure ends the socket, which is reported.
@SuppressWarnings("FutureReturnValueIgnored")
public final class SocketHandler extends SimpleChannelInboundHandler<Object> {
    private static final Duration CONNECTED_PATIENCE = Duration.ofSeconds(20);
    private static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(30);
    /// A server spreads a crowd over a minute. A client that comes too early would be refused again.
    public static final Duration UPGRADE_AFTER_MAX = Duration.ofSeconds(90);

    private final Connection connection;
    private final WebSocketClientHandshaker handshaker;
    private final FrameReader reader;
    private CloseReason reason = CloseReason.lost("the socket was lost");
    private @Nullable Duration retryAfter;
    private boolean sawConnected;

    SocketHandler(Connection connection, WebSocketClientHandshaker handshaker, FrameReader reader) {
        this.connection = connection;
        this.handshaker = handshaker;
        this.reader = reader;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connection.socketOpen(ctx.channel());
        handshaker.handshake(ctx.channel());
        ctx.executor()
                .schedule(
                        () -> {
                            if (!sawConnected) {
                                close(ctx, CloseReason.lost("no `connected` frame in time"));
                            }
                        },
                        CONNECTED_PATIENCE.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Object message) {
        switch (message) {
            case TextWebSocketFrame text -> {
                ServerFrame frame = reader.read(text.content());
                sawConnected |= frame instanceof ServerFrame.Connected;
                connection.received(frame);
            }
            case FullHttpResponse response -> upgraded(ctx, response);
            case PingWebSocketFrame ping ->
                ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()), ctx.voidPromise());
            case CloseWebSocketFrame close ->
                close(
                        ctx,
                        new CloseReason(
                                close.statusCode() < 0 ? 1005 : close.statusCode(),
                                close.reasonText() == null ? "" : close.reasonText()));
            default -> {}
        }
    }

    private void upgraded(ChannelHandlerContext ctx, FullHttpResponse response) {
        if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            try {
                handshaker.finishHandshake(ctx.channel(), response);
            } catch (WebSocketHandshakeException e) {
                close(ctx, CloseReason.lost("a bad WebSocket upgrade: " + e.getMessage()));
            }
            return;
        }
        int status = response.status().code();
        if (status == 429 || status == 503) {
            retryAfter = retryAfter(response.headers().get(HttpHeaderNames.RETRY_AFTER), UPGRADE_AFTER_MAX);
        }
        close(ctx, CloseReason.lost("the upgrade was refused with HTTP " + status));
    }

    public static Duration retryAfter(@Nullable String header) {
        return retryAfter(header, RETRY_AFTER_MAX);
    }

    /// The requested time, at most `max`; a second if there is none.
    public static Duration retryAfter(@Nullable String header, Duration max) {
        try {
            Duration asked = Duration.ofSeconds(Long.parseLong(header == null ? "1" : header.strip()));
            return asked.isNegative() || asked.compareTo(max) > 0 ? max : asked;
        } catch (NumberFormatException e) {
            return Duration.ofSeconds(1);
        }
    }

    private void close(ChannelHandlerContext ctx, CloseReason why) {
        reason = why;
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.socketEnded(reason, retryAfter);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof RuntimeException) {
            ClientLog.failure(cause);
        }
        close(ctx, CloseReason.lost("the socket failed: " + cause.getMessage()));
    }
}
