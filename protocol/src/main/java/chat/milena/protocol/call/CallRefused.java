package chat.milena.protocol.call;

import chat.milena.schemas.word.ErrorCode;
import org.jspecify.annotations.Nullable;

/// The answer to a call that is refused.
///
/// @param message for developers; begins with the path of the field that is wrong
/// @param retryAfter in whole seconds, as in the head `Retry-After`
/// @param limit with `RATE_LIMITED`: the limit in words
/// @param messageId with `DUPLICATE_MESSAGE`, as the two below: what the message was given first
public record CallRefused(
        ErrorCode error,
        String message,
        @Nullable Long retryAfter,
        @Nullable String limit,
        @Nullable String messageId,
        @Nullable Long sequenceNumber,
        @Nullable Long timestamp) {}
