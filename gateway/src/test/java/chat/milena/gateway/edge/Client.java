package chat.milena.gateway.edge;

import chat.milena.protocol.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client of the public protocol that keeps what it receives for a test to take.
public final class Client implements WebSocket.Listener {
    private static final int SECONDS = 5;

    final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();
    private @Nullable WebSocket socket;
    private volatile String closeReason = "";

    /// As a browser would from a page of this origin.
    static Client from(Gateway gateway, String origin, String query) throws Exception {
        Client client = new Client();
        client.socket = gateway.http
                .newWebSocketBuilder()
                .header("Origin", origin)
                .buildAsync(gateway.ws(query), client)
                .get(SECONDS, TimeUnit.SECONDS);
        return client;
    }

    static Client connect(Gateway gateway, String query, String... subprotocols) throws Exception {
        return connect(gateway.http, gateway.ws(query), subprotocols);
    }

    public static Client connect(HttpClient http, URI uri, String... subprotocols) throws Exception {
        Client client = new Client();
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (subprotocols.length > 0) {
            String[] others = new String[subprotocols.length - 1];
            System.arraycopy(subprotocols, 1, others, 0, others.length);
            builder.subprotocols(subprotocols[0], others);
        }
        client.socket = builder.buildAsync(uri, client).get(SECONDS, TimeUnit.SECONDS);
        return client;
    }

    WebSocket socket() {
        WebSocket current = socket;
        if (current == null) {
            throw new IllegalStateException("not connected");
        }
        return current;
    }

    public void send(String frame) throws Exception {
        socket().sendText(frame, true).get(SECONDS, TimeUnit.SECONDS);
    }

    public void sendMessage(String id, String messageId, String conversationId, String text) throws Exception {
        send("""
            {"type":"message.send","id":"%s","payload":{"messageId":"%s","conversationId":"%s",
             "content":{"type":"text","text":"%s"}}}\
            """.formatted(id, messageId, conversationId, text));
    }

    /// The next frame, which must be of this type.
    public JsonNode next(String type) throws Exception {
        JsonNode frame = frames.poll(SECONDS, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("no frame came, expected " + type);
        }
        if (!frame.path("type").asText().equals(type)) {
            throw new AssertionError("expected " + type + ", came " + frame);
        }
        return frame;
    }

    public boolean hasFrame() {
        return !frames.isEmpty();
    }

    public int closed() throws Exception {
        return closeCode.get(SECONDS, TimeUnit.SECONDS);
    }

    /// Why it was closed, in the server's words.
    String closeReason() throws Exception {
        closed();
        return closeReason;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            frames.add(Json.parse(partial.toString()).orElseThrow());
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        throw new AssertionError("the server sends no binary frames");
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeReason = reason;
        closeCode.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closeCode.completeExceptionally(error);
    }
}
