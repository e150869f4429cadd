package chat.milena.gateway.edge;

import chat.milena.gateway.session.ClientSocket;
import io.undertow.Undertow;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A WebSocket keeps the contract of sockets.
class UndertowSocketTest extends ClientSocketContract {
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(200);
    private static final char CLOSE_HEAD = 0x88;

    private final CompletableFuture<ClientChannel> connected = new CompletableFuture<>();
    private final Undertow server = server();
    private SocketPeer peer;
    private ClientSocket socket;

    private Undertow server() {
        WebSocketConnectionCallback callback = (exchange, channel) -> {
            channel.resumeReceives();
            connected.complete((ClientChannel) channel);
        };
        return Undertow.builder()
                .setIoThreads(1)
                .addHttpListener(
                        0,
                        "127.0.0.1",
                        new WebSocketProtocolHandshakeHandler(
                                List.of(new ClientChannel.Handshake(Set.of("milena.v1"))), callback))
                .build();
    }

    @BeforeEach
    void connect() throws IOException {
        server.start();
        peer = new SocketPeer(
                (InetSocketAddress) server.getListenerInfo().getFirst().getAddress(), RawClient.upgrade("none"));
        socket = new UndertowSocket(connected.join(), new WireFrames(), CLOSE_TIMEOUT);
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
        server.stop();
    }

    @Override
    ClientSocket socket() {
        return socket;
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
        return (int) read.substring(read.indexOf("<last>"))
                .chars()
                .filter(one -> one == CLOSE_HEAD)
                .count();
    }
}
