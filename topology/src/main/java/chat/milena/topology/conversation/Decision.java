package chat.milena.topology.conversation;

import chat.milena.schemas.word.ErrorCode;
import java.time.Instant;
import java.util.List;

/// What the rules say to a command.
public sealed interface Decision {

    /// It happened, by these events, in this order; at least one.
    ///
    /// @param next the conversation after the last of them
    record Accepted(ConversationState.Open next, List<NumberedEvent> events) implements Decision {

        /// Whether a message is all that happened, so that of the conversation itself only the position changed.
        public boolean isMessage() {
            return events.getFirst().event() instanceof ConversationEvent.MessageSent;
        }
    }

    /// It had happened before, under this number and at this time; nothing changes.
    record Duplicate(long sequenceNumber, Instant timestamp) implements Decision {}

    /// It must not happen; nothing changes.
    ///
    /// @param reason for people; names the field, if one is wrong
    record Rejected(ErrorCode code, String reason) implements Decision, ReceiptDecision, MembershipDecision {}
}
