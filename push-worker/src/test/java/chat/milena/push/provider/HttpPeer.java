package chat.milena.push.provider;

import chat.milena.push.courier.RawServer;
import chat.milena.push.courier.RawServer.Request;
import chat.milena.push.courier.RawServer.Script;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// A peer by HTTP/1.1. What its protocol has for an answer is left to the heirs.
abstract class HttpPeer implements ProviderContract.ProviderPeer {
    final RawServer server;
    private final RawServer elsewhere;
    private final AtomicInteger redirected = new AtomicInteger();

    HttpPeer() throws IOException {
        server = new RawServer();
        elsewhere = new RawServer();
        elsewhere.script((_, peer) -> {
            redirected.incrementAndGet();
            peer.answer(201, Map.of(), "");
        });
    }

    /// Serves notifications.
    abstract void script(Script script);

    /// Requests for notifications.
    abstract List<Request> notifications();

    void answers(int status, Map<String, String> heads, String body) {
        script((_, peer) -> peer.answer(status, heads, body));
    }

    @Override
    public void stalls() {
        script((_, peer) -> peer.stall());
    }

    @Override
    public void resets() {
        script((_, peer) -> {
            peer.write("HTTP/1.1 20");
            peer.reset();
        });
    }

    @Override
    public void redirects() {
        answers(308, Map.of("Location", elsewhere.origin() + "/other"), "");
    }

    @Override
    public int redirected() {
        return redirected.get();
    }

    @Override
    public void talksForEver() {
        script((_, peer) -> {
            peer.write("HTTP/1.1 200 OK\r\n");
            peer.trickle("X-Head: x\r\n", 50);
        });
    }

    @Override
    public int requests() {
        return notifications().size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        elsewhere.close();
    }
}
