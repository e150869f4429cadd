package chat.milena.bench.call;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One HTTP call, until its answer.
final class HttpCall {
    private final String method;
    private final String path;
    private final String token;
    private final byte @Nullable [] body;
    private final @Nullable String idempotencyKey;
    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    private final boolean repeatable;
    private boolean written;
    private boolean again;

    /// @param body JSON; null for none
    /// @param idempotencyKey null for none
    /// @param repeatable whether a second attempt does no harm if the first one took effect
    HttpCall(
            String method,
            String path,
            String token,
            @Nullable String body,
            @Nullable String idempotencyKey,
            boolean repeatable) {
        this.method = method;
        this.path = path;
        this.token = token;
        this.body = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        this.idempotencyKey = idempotencyKey;
        this.repeatable = repeatable;
    }

    String method() {
        return method;
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

    @Nullable
    String idempotencyKey() {
        return idempotencyKey;
    }

    CompletableFuture<HttpAnswer> answer() {
        return answer;
    }

    /// From now on it may have taken effect.
    void written() {
        written = true;
    }

    /// True at most once: the other end may have closed a kept connection just when it was taken.
    boolean mayGoAgain() {
        boolean may = !again && (repeatable || !written);
        again = true;
        return may;
    }
}
