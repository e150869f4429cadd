package chat.milena.gateway.query;

import chat.milena.protocol.json.Json;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// What an answer of a sync API means that is no success. Pure.
sealed interface RemoteRefusal {
    /// The user may not, or the question is wrong.
    record Refused(ErrorCode code, String reason) implements RemoteRefusal {}

    /// No answer now; safe to retry.
    record Unavailable(Duration retryAfter) implements RemoteRefusal {}

    /// Reads the body. Codes that this version does not know count as unavailable.
    static RemoteRefusal of(SyncApis.Answer answer) {
        JsonNode body = Json.parse(answer.body()).orElse(null);
        String word = body == null ? "" : body.path("error").asText();
        Optional<ErrorCode> code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.word().equals(word))
                .findFirst();
        if (answer.status() >= 500 || body == null || code.isEmpty() || code.get() == ErrorCode.UNAVAILABLE) {
            return new Unavailable(Duration.ofSeconds(Math.max(1, answer.retryAfterSeconds())));
        }
        return new Refused(code.get(), body.path("message").asText());
    }
}
