package chat.milena.protocol.call;

import chat.milena.schemas.word.ErrorCode;
import org.jspecify.annotations.Nullable;

/// The answer to a call that is refused.
///
/// @param message for developers; begins with the path of the field that is wrong
/// @param retryAfter in whole seconds, as in the head `Retry-After`
/// @param limit with `RATE_LIMITED`: the limit in words
/// @param messageId with `DUPLICATE_MESSAGE`, as the two below: what the message was given first
/// @param revision with `CONFLICT`: the revision that the message has
public record CallRefused(
        ErrorCode error,
        String message,
        @Nullable Long retryAfter,
        @Nullable String limit,
        @Nullable String messageId,
        @Nullable Long sequenceNumber,
        @Nullable Long timestamp,
        @Nullable Long revision) {

    /// A refusal.
    ///
    /// @param retryAfterSeconds null where trying again does not help
    public static CallRefused of(ErrorCode error, String message, @Nullable Long retryAfterSeconds) {
        return new CallRefused(error, message, retryAfterSeconds, null, null, null, null, null);
    }

    /// A rate is used up.
    public static CallRefused rateLimited(String message, long retryAfterSeconds, String limit) {
        return new CallRefused(ErrorCode.RATE_LIMITED, message, retryAfterSeconds, limit, null, null, null, null);
    }

    /// The message is not as the asker took it to be.
    public static CallRefused conflict(String message, @Nullable Long revision) {
        return new CallRefused(ErrorCode.CONFLICT, message, null, null, null, null, null, revision);
    }

    /// The message was accepted before.
    public static CallRefused duplicate(String message, Done.Sent first) {
        return new CallRefused(
                ErrorCode.DUPLICATE_MESSAGE,
                message,
                null,
                null,
                first.messageId(),
                first.sequenceNumber(),
                first.timestamp(),
                null);
    }
}
