package chat.milena.runtime.http;

import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Hold;
import chat.milena.runtime.limit.Holder;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.channels.StreamSourceChannel;

/// Receives the body of one call, without a thread. Memory grows with the bytes received: a head that announces a
/// large body costs nothing. Rejects a body as soon as it is known to be too large. A client that sends `Expect:
/// 100-continue` then never sends it.
///
/// The bytes are held in the budget until the exchange ends.
public final class BodyReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(BodyReceiver.class);

    private final HttpServerExchange exchange;
    private final int bytesMax;
    private final Hold hold;
    private final Consumer<byte[]> whole;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    private BodyReceiver(HttpServerExchange exchange, int bytesMax, Hold hold, Consumer<byte[]> whole) {
        this.exchange = exchange;
        this.bytesMax = bytesMax;
        this.hold = hold;
        this.whole = whole;
    }

    /// Receives the body of this exchange, or answers why it is rejected.
    ///
    /// @param whole called once with the whole body, unless the body is rejected or the client leaves
    public static void receive(
            HttpServerExchange exchange, int bytesMax, Budget bodies, Holder holder, Consumer<byte[]> whole) {
        Hold hold = new Hold(bodies, holder);
        Peer.atEnd(exchange, hold::end);
        BodyReceiver receiver = new BodyReceiver(exchange, bytesMax, hold, whole);
        if (exchange.getRequestContentLength() > bytesMax) {
            receiver.refuse(ErrorCode.TOO_LARGE, "body too large");
        } else if (HttpContinue.requiresContinueResponse(exchange)) {
            HttpContinue.sendContinueResponse(exchange, new IoCallback() {
                @Override
                public void onComplete(HttpServerExchange continued, Sender sender) {
                    receiver.receive();
                }

                @Override
                public void onException(HttpServerExchange gone, Sender sender, IOException error) {
                    gone.endExchange();
                }
            });
        } else {
            receiver.receive();
        }
    }

    private void receive() {
        StreamSourceChannel channel = exchange.getRequestChannel();
        if (channel == null) {
            whole.accept(new byte[0]);
            return;
        }
        channel.getReadSetter().set(this::read);
        read(channel);
    }

    /// Runs on the calling thread, then on the I/O thread whenever more bytes have come.
    private void read(StreamSourceChannel channel) {
        try (PooledByteBuffer pooled =
                exchange.getConnection().getByteBufferPool().allocate()) {
            ByteBuffer buffer = pooled.getBuffer();
            while (true) {
                int count = channel.read(buffer);
                if (count == 0) {
                    channel.resumeReads();
                    return;
                }
                if (count < 0) {
                    channel.suspendReads();
                    ClientWatch.requestCame(exchange);
                    whole.accept(body.toByteArray());
                    return;
                }
                if (!take(buffer.flip())) {
                    channel.suspendReads();
                    return;
                }
                buffer.clear();
            }
        } catch (IOException e) {
            LOG.debug("A body ended early: {}", e.toString());
            exchange.endExchange();
        }
    }

    /// @return false if the body is rejected
    private boolean take(ByteBuffer bytes) {
        if (body.size() + bytes.remaining() > bytesMax) {
            refuse(ErrorCode.TOO_LARGE, "body too large");
            return false;
        }
        if (!hold.grow(bytes.remaining())) {
            refuse(ErrorCode.UNAVAILABLE, "too many bodies in progress");
            return false;
        }
        byte[] part = new byte[bytes.remaining()];
        bytes.get(part);
        body.writeBytes(part);
        return true;
    }

    private void refuse(ErrorCode code, String message) {
        body.reset();
        HttpAnswer.error(code, message).send(exchange);
    }
}
