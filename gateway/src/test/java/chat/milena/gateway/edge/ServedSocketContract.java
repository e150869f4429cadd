package chat.milena.gateway.edge;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The contract of sockets, for one of a real server and a client that reads bytes.
abstract class ServedSocketContract extends ClientSocketContract {
    static final Duration CLOSE_TIMEOUT = Duration.ofMillis(200);

    private final String request;
    private final Undertow server = Undertow.builder()
            .setIoThreads(1)
            .addHttpListener(0, "127.0.0.1", this::handle)
            .build();
    private SocketPeer peer;

    /// @param request what the client sends
    ServedSocketContract(String request) {
        this.request = request;
    }

    /// Answers the client with the socket.
    abstract void handle(HttpServerExchange exchange) throws Exception;

    @BeforeEach
    void connect() throws IOException {
        server.start();
        peer = new SocketPeer(
                (InetSocketAddress) server.getListenerInfo().getFirst().getAddress(), request);
        // Until it is there.
        socket();
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
        server.stop();
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
}
