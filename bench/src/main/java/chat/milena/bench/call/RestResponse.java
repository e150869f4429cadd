package chat.milena.bench.call;

import com.fasterxml.jackson.databind.JsonNode;

/// The answer to a REST call; `body` is a missing node if there was none.
public record RestResponse(int status, JsonNode body) {

    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /// The protocol's error code and message, for a line to the user.
    public String refusal() {
        return "HTTP " + status + " " + body.path("error").asText("") + " "
                + body.path("message").asText("");
    }
}
