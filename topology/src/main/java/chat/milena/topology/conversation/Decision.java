package chat.milena.topology.conversation;

import chat.milena.schemas.word.ErrorCode;
import java.time.Instant;

/// What the rules say to a command.
public sealed interface Decision {

    /// It happened: `event` stands at the position of `next`.
    record Accepted(ConversationState.Open next, ConversationEvent event) implements Decision {}

    /// It had happened before, under this number and at this time; nothing changes.
    record Duplicate(long sequenceNumber, Instant timestamp) implements Decision {}

    /// It must not happen; nothing changes.
    ///
    /// @param reason for people; names the field, if one is wrong
    record Rejected(ErrorCode code, String reason) implements Decision {}
}
