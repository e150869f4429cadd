package chat.milena.gateway.live;

import chat.milena.protocol.read.SyncResult;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// The part of the query side that the frame `sync` needs: it answers like `POST /api/v1/sync`. Safe for all
/// threads; blocks.
@FunctionalInterface
public interface SyncQuery {
    /// For a process without a query side.
    SyncQuery NONE =
            (user, body, bytesMax) -> new Unavailable("sync is not served over this connection", Duration.ofMinutes(1));

    /// Answers a sync.
    ///
    /// @param user from a verified token
    /// @param body the body of the call; rejections name its fields below `payload`
    /// @param bytesMax maximum size of the answer; the rest comes with the next sync
    Answer answer(UserKey user, JsonNode body, long bytesMax);

    /// The result.
    sealed interface Answer {}

    /// The call's response.
    record Result(SyncResult result) implements Answer {}

    /// Bad input.
    record Refused(ErrorCode code, String reason) implements Answer {}

    /// No answer now; safe to retry.
    record Unavailable(String reason, Duration retryAfter) implements Answer {}
}
