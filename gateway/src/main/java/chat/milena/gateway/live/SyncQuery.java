package chat.milena.gateway.live;

import chat.milena.protocol.read.SyncResult;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// The query side, as far as the frame `sync` needs it: it answers as `POST /api/v1/sync` does. Safe for all threads;
/// blocks.
@FunctionalInterface
public interface SyncQuery {
    /// Where no query side is reached from here.
    SyncQuery NONE =
            (user, body, bytesMax) -> new Unavailable("sync is not served over this connection", Duration.ofMinutes(1));

    /// What was asked is answered.
    ///
    /// @param user who asks, from a verified token
    /// @param body the body of the call; refusals name its fields below `payload`
    /// @param bytesMax how long the answer may be here; what does not fit comes with the next sync
    Answer answer(UserKey user, JsonNode body, long bytesMax);

    /// What came of it.
    sealed interface Answer {}

    /// The call's response.
    record Result(SyncResult result) implements Answer {}

    /// Bad input.
    record Refused(ErrorCode code, String reason) implements Answer {}

    /// No answer now; safe to ask again.
    record Unavailable(String reason, Duration retryAfter) implements Answer {}
}
