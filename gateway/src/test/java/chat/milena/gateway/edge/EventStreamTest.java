package chat.milena.gateway.edge;

import chat.milena.gateway.session.ClientSocket;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A stream of events keeps the contract of sockets.
class EventStreamTest extends ClientSocketContract {
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(200);
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    private final CompletableFuture<EventStream> connected = new CompletableFuture<>();
    private final Undertow server = Undertow.builder()
            .setIoThreads(1)
            .addHttpListener(0, "127.0.0.1", this::handle)
            .build();
    private SocketPeer peer;

    private void handle(HttpServerExchange exchange) {
        exchange.dispatch(exchange.getIoThread(), () -> connected.complete(new EventStream(exchange, CLOSE_TIMEOUT)));
    }

    @BeforeEach
    void connect() throws IOException {
        server.start();
        peer = new SocketPeer(
                (InetSocketAddress) server.getListenerInfo().getFirst().getAddress(),
                "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        connected.join();
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
        server.stop();
    }

    @Override
    ClientSocket socket() {
        return connected.join();
    }

    @Override
    String readTo(String text) throws IOException {
        return peer.readTo(text);
    }

    @Override
    void stopReading() {}

    @Override
    void vanish() throws IOException {
        peer.vanish();
    }

    @Override
    String readToEnd() throws IOException {
        return peer.readToEnd();
    }

    @Override
    int closes(String read) {
        return read.substring(read.indexOf("<last>")).split(LAST_CHUNK, -1).length - 1;
    }
}
