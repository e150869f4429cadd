package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;
import static chat.milena.schemas.word.ErrorCode.INVALID_MESSAGE;

import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.Position;
import java.time.Instant;

/// Decides on messages. Pure.
///
/// A message costs one look-up and no read of receipts: what its sender had read before does not matter.
final class MessageRules {
    private static final Changes ANOTHER_MEMBERS_ID =
            Changes.rejected(INVALID_MESSAGE, "messageId: another member's message has this id");
    private static final Changes ADMINS_ONLY = Changes.rejected(FORBIDDEN, "only admins post in this group");

    private MessageRules() {}

    static Changes decide(Open open, Membership sender, SendMessage send, Lookups lookups, Instant now) {
        String messageId = send.message().getMessageId();
        FirstSend first = lookups.message(messageId);
        if (first != null) {
            return first.senderId().equals(sender.userId())
                    ? Changes.none(new Duplicate(first.sequenceNumber(), first.timestamp()))
                    : ANOTHER_MEMBERS_ID;
        }
        if (open.properties().settings().getOnlyAdminsCanPost() && !sender.isAdmin()) {
            return ADMINS_ONLY;
        }
        Membership joined = sender.accepted() ? null : sender.toAccepted();
        Draft draft = Draft.of(open, new MessageSent(send.message(), joined), now);
        Position at = draft.position();
        return draft.with(new MessageIndexed(
                        messageId,
                        new FirstSend(
                                sender.userId(),
                                at.sequenceNumber(),
                                at.timestamp(),
                                MessageState.sent(
                                        send.message().getExpiresAt(),
                                        ContentHash.of(send.message().getContent())))))
                .with(new WatermarksMoved(sender.userId(), ReceiptRules.ofSender(at), at.timestamp()))
                .accepted();
    }
}
