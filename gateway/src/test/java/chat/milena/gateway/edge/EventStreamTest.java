package chat.milena.gateway.edge;

import chat.milena.gateway.session.ClientSocket;
import io.undertow.server.HttpServerExchange;
import java.util.concurrent.CompletableFuture;

/// A stream of events keeps the contract of sockets.
class EventStreamTest extends ServedSocketContract {
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    private final CompletableFuture<EventStream> connected = new CompletableFuture<>();

    EventStreamTest() {
        super("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    @Override
    void handle(HttpServerExchange exchange) {
        exchange.dispatch(exchange.getIoThread(), () -> connected.complete(new EventStream(exchange, CLOSE_TIMEOUT)));
    }

    @Override
    ClientSocket socket() {
        return connected.join();
    }

    @Override
    int closes(String read) {
        return read.substring(read.indexOf("<last>")).split(LAST_CHUNK, -1).length - 1;
    }
}
