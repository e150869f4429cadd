package chat.milena.gateway.edge;

import chat.milena.gateway.session.ClientSocket;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A WebSocket keeps the contract of sockets.
class UndertowSocketTest extends ServedSocketContract {
    private static final char CLOSE_HEAD = 0x88;

    private final CompletableFuture<ClientSocket> connected = new CompletableFuture<>();
    private final HttpHandler upgrades = new WebSocketProtocolHandshakeHandler(
            List.of(new ClientChannel.Handshake(Set.of("milena.v1"))), this::connected);

    UndertowSocketTest() {
        super(RawClient.upgrade("none"));
    }

    @Override
    void handle(HttpServerExchange exchange) throws Exception {
        upgrades.handleRequest(exchange);
    }

    private void connected(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        channel.resumeReceives();
        connected.complete(new UndertowSocket((ClientChannel) channel, new WireFrames(), CLOSE_TIMEOUT));
    }

    @Override
    ClientSocket socket() {
        return connected.join();
    }

    @Override
    int closes(String read) {
        return (int) read.substring(read.indexOf("<last>"))
                .chars()
                .filter(one -> one == CLOSE_HEAD)
                .count();
    }
}
