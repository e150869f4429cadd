package chat.milena.topology.conversation;

import chat.milena.schemas.word.ErrorCode;
import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Rejected;
import chat.milena.topology.conversation.ReceiptDecision.Moved;
import chat.milena.topology.conversation.ReceiptDecision.Unmoved;
import java.time.Instant;

/// Decides what a receipt does to its user's watermarks. Pure.
///
/// Upholds 0 <= read <= delivered <= last, for any order in which receipts and messages come. A receipt is no event: it
/// takes no number, and the conversation's time does not move with it.
public final class ReceiptRules {
    private static final Rejected NO_SUCH_MESSAGE =
            new Rejected(ErrorCode.MESSAGE_NOT_FOUND, "messageIds: none is a message of this conversation");

    private ReceiptRules() {}

    /// Decides.
    ///
    /// @param before the user's watermarks in this conversation
    /// @param now the sequencer's clock
    public static ReceiptDecision decide(ConversationState state, Watermarks before, ReceiptMark mark, Instant now) {
        return switch (state) {
            case Absent absent -> ConversationRules.NO_SUCH_CONVERSATION;
            case Open open -> {
                Membership member = open.members().get(mark.userId());
                yield member == null
                        ? ConversationRules.outsider(open)
                        : move(open.position(), before, mark, member.accepted(), now);
            }
        };
    }

    private static ReceiptDecision move(
            Position last, Watermarks before, ReceiptMark mark, boolean shown, Instant now) {
        if (before.delivered() > last.sequenceNumber()) {
            throw new BrokenInvariantException(
                    "Delivered up to " + before.delivered() + " of " + last.sequenceNumber());
        }
        if (mark.upToSequence() == null) {
            return NO_SUCH_MESSAGE;
        }
        long upTo = Math.min(mark.upToSequence(), last.sequenceNumber());
        // Nobody reads a message before it was sent.
        Instant at = now.isBefore(last.timestamp()) ? last.timestamp() : now;
        Watermarks next = switch (mark.kind()) {
            case DELIVERED -> before.toDelivered(upTo, at);
            case READ -> before.toRead(upTo, at);
        };
        return next.equals(before) ? new Unmoved(before) : new Moved(next, shown);
    }

    /// The watermarks of who sent this message. It is past all that there was, so they need not be known as they were;
    /// only their time may go back a little, with the clock.
    public static Watermarks ofSender(Position message) {
        return new Watermarks(
                message.sequenceNumber(), message.timestamp(), message.sequenceNumber(), message.timestamp());
    }
}
