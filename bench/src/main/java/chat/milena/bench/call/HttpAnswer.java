package chat.milena.bench.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The answer to an HTTP call, its body still as bytes.
public final class HttpAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int status;
    private final byte[] body;
    private final @Nullable Duration retryAfter;

    /// @param body handed over: no other code writes into it afterwards
    /// @param retryAfter null if the server did not send it
    HttpAnswer(int status, byte[] body, @Nullable Duration retryAfter) {
        this.status = status;
        this.body = body;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    /// The body itself, not a copy: only the caller reads it, once.
    public byte[] body() {
        return body;
    }

    /// The body as JSON; a missing node if it is something else.
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /// The protocol's error code and message, for a line to the user.
    public String refusal() {
        JsonNode json = json();
        return "HTTP " + status + " " + json.path("error").asText("") + " "
                + json.path("message").asText("");
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /// Whether a later retry may get another answer: the server is busy, or cannot answer now.
    public boolean refused() {
        return status == 503 || status == 429;
    }
}
