package chat.milena.bench.call;

import chat.milena.bench.client.SocketHandler;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One kept connection of [HttpConnections]: one call at a time. On its event loop only.
// Netty's futures are not awaited here: a failure ends the socket, and its end completes the call.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpSocket extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final HttpConnections owner;
    private final String host;
    private final Duration patience;
    private @Nullable HttpCall current;
    private @Nullable ScheduledFuture<?> timeout;
    private IOException reason = new IOException("the connection was closed before the answer");
    private int calls;
    private boolean timedOut;

    HttpSocket(HttpConnections owner, String host, Duration patience) {
        this.owner = owner;
        this.host = host;
        this.patience = patience;
    }

    void begin(ChannelHandlerContext ctx, HttpCall call) {
        if (!ctx.channel().isActive()) {
            // The socket ended after it was taken and before this task, and its end was already handled.
            owner.lost(call, reason, calls > 0);
            return;
        }
        calls++;
        current = call;
        timeout = ctx.executor()
                .schedule(
                        () -> {
                            timedOut = true;
                            end(ctx, new IOException("no answer within " + patience.toMillis() + " ms"));
                        },
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
        call.written();
        byte[] body = call.body();
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(call.method()),
                call.path(),
                body == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        request.headers().set(HttpHeaderNames.HOST, host).set(HttpHeaderNames.AUTHORIZATION, "Bearer " + call.token());
        if (body != null) {
            request.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        if (call.idempotencyKey() != null) {
            request.headers().set("Idempotency-Key", call.idempotencyKey());
        }
        ctx.writeAndFlush(request, ctx.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        HttpCall answered = current;
        if (answered == null) {
            end(ctx, new IOException("an answer that nothing asked for"));
            return;
        }
        if (response.decoderResult().isFailure()) {
            end(
                    ctx,
                    new IOException(
                            "not an HTTP answer", response.decoderResult().cause()));
            return;
        }
        current = null;
        stopTimer();
        String retryAfter = response.headers().get(HttpHeaderNames.RETRY_AFTER);
        HttpAnswer answer = new HttpAnswer(
                response.status().code(),
                ByteBufUtil.getBytes(response.content()),
                retryAfter == null ? null : SocketHandler.retryAfter(retryAfter));
        if (HttpUtil.isKeepAlive(response)) {
            // The connection is released first, so that a call made by the receiver of the answer finds it.
            owner.free(ctx.channel());
        } else {
            ctx.close();
        }
        answered.answer().complete(answer);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopTimer();
        owner.closed();
        HttpCall unanswered = current;
        current = null;
        if (unanswered != null) {
            owner.lost(unanswered, reason, calls > 1 && !timedOut);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(ctx, cause instanceof IOException failed ? failed : new IOException("the socket failed", cause));
    }

    private void end(ChannelHandlerContext ctx, IOException why) {
        reason = why;
        ctx.close();
    }

    private void stopTimer() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }
}
