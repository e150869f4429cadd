package chat.milena.conversation.command;

import chat.milena.schemas.word.ErrorCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the sender of a command is answered.
public sealed interface Answer {

    /// It happened, under this number and at this time. Of a receipt: how far its user has come, and since when.
    record Accepted(long sequenceNumber, @Nullable Instant timestamp) implements Answer {}

    /// It was so before, under this number and since this time.
    record Duplicate(long sequenceNumber, @Nullable Instant timestamp) implements Answer {}

    /// It must not happen.
    ///
    /// @param reason for people; names the field, if one is wrong
    record Rejected(ErrorCode code, String reason) implements Answer {}
}
