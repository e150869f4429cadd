package chat.milena.bench.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an HTTP call was answered with, its body still as bytes.
public final class HttpAnswer {
    private final int status;
    private final byte[] body;
    private final @Nullable Duration retryAfter;

    /// @param body handed over: nobody writes into it afterwards
    /// @param retryAfter null where the server did not say
    HttpAnswer(int status, byte[] body, @Nullable Duration retryAfter) {
        this.status = status;
        this.body = body;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    /// The body itself, not a copy: it is read once by who asked.
    public byte[] body() {
        return body;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /// Whether the same call may have another answer later: the server is busy, or cannot answer now.
    public boolean refused() {
        return status == 503 || status == 429;
    }
}
