package chat.milena.gateway.query;

import chat.milena.protocol.json.Json;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Word;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an answer of a sync API means that is no success. Pure.
sealed interface RemoteRefusal {
    /// The user may not, or the question is wrong.
    record Refused(ErrorCode code, String reason) implements RemoteRefusal {}

    /// No answer now; safe to retry.
    record Unavailable(Duration retryAfter) implements RemoteRefusal {}

    /// Reads the body. Codes that this version does not know count as unavailable.
    static RemoteRefusal of(SyncApis.Answer answer) {
        JsonNode body = Json.parse(answer.body()).orElse(MissingNode.getInstance());
        ErrorCode code = code(body);
        if (answer.status() >= StatusCodes.INTERNAL_SERVER_ERROR || code == null || code == ErrorCode.UNAVAILABLE) {
            return new Unavailable(Duration.ofSeconds(Math.max(1, answer.retryAfterSeconds())));
        }
        return new Refused(code, body.path("message").asText());
    }

    /// The code of an answer; null of a success, and of a code that this version does not know.
    static @Nullable ErrorCode code(SyncApis.Answer answer) {
        return answer.status() < StatusCodes.BAD_REQUEST
                ? null
                : code(Json.parse(answer.body()).orElse(MissingNode.getInstance()));
    }

    private static @Nullable ErrorCode code(JsonNode body) {
        return Word.parse(ErrorCode.class, body.path("error").asText()).orElse(null);
    }
}
