package chat.milena.bench.call;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One HTTP call that changes nothing, until its answer. A GET without a body, else a POST of JSON.
final class HttpCall {
    private final String path;
    private final String token;
    private final byte @Nullable [] body;
    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    private boolean again;

    HttpCall(String path, String token, @Nullable String body) {
        this.path = path;
        this.token = token;
        this.body = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    }

    String path() {
        return path;
    }

    String token() {
        return token;
    }

    byte @Nullable [] body() {
        return body;
    }

    CompletableFuture<HttpAnswer> answer() {
        return answer;
    }

    /// True once: the other end may have closed a kept connection just when it was taken.
    boolean mayGoAgain() {
        boolean first = !again;
        again = true;
        return first;
    }
}
