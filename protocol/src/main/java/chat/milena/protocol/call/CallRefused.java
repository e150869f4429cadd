package chat.milena.protocol.call;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The answer to a rejected call; with `DUPLICATE_MESSAGE`, also what the first send was answered.
///
/// @param message for developers; starts with the path of the wrong field
/// @param retryAfter in whole seconds, as in the header `Retry-After`
/// @param limit with `RATE_LIMITED`: the limit in words
/// @param reason with `UNAUTHORIZED`: the reason of the close code 4401, such as `token expired`
/// @param first null but with `DUPLICATE_MESSAGE`
/// @param revision with `CONFLICT`: the revision that the message has
/// @param publicKey with `CONFLICT`: the key that browsers must subscribe with
/// @param ban of a banned user: that, and when it ends
public record CallRefused(
        ErrorCode error,
        String message,
        @Nullable Long retryAfter,
        @Nullable String limit,
        @Nullable String reason,
        @JsonUnwrapped Done.@Nullable Sent first,
        @Nullable Long revision,
        @Nullable String publicKey,
        @JsonUnwrapped @Nullable Ban ban) {

    /// A ban of the user.
    ///
    /// @param banned true
    /// @param until when it ends, in milliseconds since 1970; left out if it does not
    public record Ban(boolean banned, @Nullable Long until) {
        /// The ban that an outcome names as its reason; null without one.
        public static @Nullable Ban of(CommandOutcome outcome) {
            Instant until = outcome.getBannedUntil();
            return outcome.getBanned() ? new Ban(true, until == null ? null : until.toEpochMilli()) : null;
        }
    }

    /// The HTTP status of each code.
    public static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_MESSAGE, INVALID_REQUEST -> 400;
            case UNAUTHORIZED -> 401;
            case FORBIDDEN -> 403;
            case CONVERSATION_NOT_FOUND, MESSAGE_NOT_FOUND -> 404;
            case DUPLICATE_MESSAGE, CONFLICT -> 409;
            case TOO_LARGE -> 413;
            case IDEMPOTENCY_MISMATCH -> 422;
            case RATE_LIMITED -> 429;
            case UNAVAILABLE -> 503;
        };
    }

    /// A rejection.
    ///
    /// @param retryAfterSeconds null if a retry does not help
    public static CallRefused of(ErrorCode error, String message, @Nullable Long retryAfterSeconds) {
        return new CallRefused(error, message, retryAfterSeconds, null, null, null, null, null, null);
    }

    /// The token does not prove who calls.
    ///
    /// @param reason that of the close of a WebSocket with this token
    public static CallRefused unauthorized(String message, String reason) {
        return new CallRefused(ErrorCode.UNAUTHORIZED, message, null, null, reason, null, null, null, null);
    }

    /// A rate is used up.
    public static CallRefused rateLimited(String message, long retryAfterSeconds, String limit) {
        return new CallRefused(ErrorCode.RATE_LIMITED, message, retryAfterSeconds, limit, null, null, null, null, null);
    }

    /// A rejection by the sequencer, or by the processor of users.
    ///
    /// @param outcome with the details of the reason
    public static CallRefused decided(ErrorCode error, String message, CommandOutcome outcome) {
        String limit = outcome.getLimit();
        Long retryAfter = limit == null ? null : outcome.getRetryAfter();
        return new CallRefused(
                error, message, retryAfter, limit, null, null, outcome.getRevision(), null, Ban.of(outcome));
    }

    /// The browser subscribed with another key than those of this installation.
    public static CallRefused subscribedElsewhere(String message, String publicKey) {
        return new CallRefused(ErrorCode.CONFLICT, message, null, null, null, null, null, publicKey, null);
    }

    /// The message was accepted before.
    public static CallRefused duplicate(String message, Done.Sent first) {
        return new CallRefused(ErrorCode.DUPLICATE_MESSAGE, message, null, null, null, first, null, null, null);
    }
}
