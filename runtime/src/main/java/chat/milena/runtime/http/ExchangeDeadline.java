package chat.milena.runtime.http;

import chat.milena.runtime.time.Ticker;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/// Closes the connection of an exchange that takes too long, whoever is slow: a client that does not send its body, or
/// that does not read the answer. On the connection's I/O thread, and so without a thread of its own.
///
/// An upgrade ends its exchange, so what was upgraded lives on. An answer that takes its time for good reason is exempt
/// while it does: [#lift], [#restart].
public final class ExchangeDeadline implements HttpHandler {
    private static final AttachmentKey<Deadline> DEADLINE = AttachmentKey.create(Deadline.class);

    private final Duration within;
    private final HttpHandler next;

    /// @param within from the head to the last byte of the answer
    ExchangeDeadline(Duration within, HttpHandler next) {
        this.within = within;
        this.next = next;
    }

    /// Lets this exchange take as long as it likes, from any thread; whoever asks for that bounds it otherwise.
    public static void lift(HttpServerExchange exchange) {
        Deadline deadline = exchange.getAttachment(DEADLINE);
        if (deadline != null) {
            deadline.lift();
        }
    }

    /// Has this exchange end within the usual time from now on, from any thread.
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
