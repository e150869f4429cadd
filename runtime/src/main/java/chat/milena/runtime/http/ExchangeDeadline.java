package chat.milena.runtime.http;

import chat.milena.runtime.time.Ticker;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/// Closes the connection of an exchange that takes too long: the client does not send its body, or does not read
/// the answer. Runs on the I/O thread of the connection and needs no other thread.
///
/// An upgrade ends its exchange, so the upgraded connection stays open. An answer that takes long for a good
/// reason is exempt for that time: [#lift], [#restart].
public final class ExchangeDeadline implements HttpHandler {
    private static final AttachmentKey<Deadline> DEADLINE = AttachmentKey.create(Deadline.class);

    private final Duration within;
    private final HttpHandler next;

    /// @param within from the head to the last byte of the answer
    ExchangeDeadline(Duration within, HttpHandler next) {
        this.within = within;
        this.next = next;
    }

    /// Lifts the deadline of this exchange, from any thread. The caller bounds the exchange by other means.
    public static void lift(HttpServerExchange exchange) {
        Deadline deadline = exchange.getAttachment(DEADLINE);
        if (deadline != null) {
            deadline.lift();
        }
    }

    /// Gives this exchange the usual time from now on, from any thread.
    public static void restart(HttpServerExchange exchange) {
        Deadline deadline = exchange.getAttachment(DEADLINE);
        if (deadline != null) {
            deadline.start();
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Deadline deadline = new Deadline(exchange);
        exchange.putAttachment(DEADLINE, deadline);
        deadline.start();
        exchange.addExchangeCompleteListener((ended, following) -> {
            deadline.end();
            following.proceed();
        });
        next.handleRequest(exchange);
    }

    private final class Deadline {
        private final HttpServerExchange exchange;
        private @Nullable Cut cut;
        private boolean ended;

        private Deadline(HttpServerExchange exchange) {
            this.exchange = exchange;
        }

        private synchronized void start() {
            lift();
            if (!ended) {
                cut = Cut.after(
                        exchange.getIoThread(),
                        Ticker.system(),
                        within,
                        () -> IoUtils.safeClose(exchange.getConnection()));
            }
        }

        private synchronized void lift() {
            if (cut != null) {
                cut.remove();
                cut = null;
            }
        }

        private synchronized void end() {
            ended = true;
            lift();
        }
    }
}
