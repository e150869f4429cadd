package chat.milena.runtime.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/// Closes the connection of an exchange that takes too long, whoever is slow: a client that does not send its body, or
/// that does not read the answer. On the connection's I/O thread, and so without a thread of its own.
///
/// An upgrade ends its exchange, so what was upgraded lives on.
final class ExchangeDeadline implements HttpHandler {
    private final Duration within;
    private final HttpHandler next;

    /// @param within from the head to the last byte of the answer
    ExchangeDeadline(Duration within, HttpHandler next) {
        this.within = within;
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        XnioExecutor.Key deadline = exchange.getIoThread()
                .executeAfter(
                        () -> IoUtils.safeClose(exchange.getConnection()), within.toMillis(), TimeUnit.MILLISECONDS);
        exchange.addExchangeCompleteListener((ended, following) -> {
            deadline.remove();
            following.proceed();
        });
        next.handleRequest(exchange);
    }
}
