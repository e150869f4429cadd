package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;
import static chat.milena.schemas.word.ErrorCode.INVALID_MESSAGE;
import static chat.milena.schemas.word.ErrorCode.MESSAGE_NOT_FOUND;

import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.rules.MessageChangeRules.MessageBounds;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.Position;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageReference;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Decides on messages. Pure.
///
/// A message costs one look-up, one more where it quotes another, and no read of receipts: what its sender had read
/// before does not matter. A message that its sender may not read cannot be quoted.
///
/// @param bounds how long messages are kept
record MessageRules(MessageBounds bounds) {
    private static final Changes ANOTHER_MEMBERS_ID =
            Changes.rejected(INVALID_MESSAGE, "messageId: another member's message has this id");
    private static final Changes ADMINS_ONLY = Changes.rejected(FORBIDDEN, "only admins post in this group");

    private static final Changes NO_SUCH_QUOTED =
            Changes.rejected(MESSAGE_NOT_FOUND, "replyTo: there is no such message");

    Changes decide(Open open, Membership sender, SendMessage send, Lookups lookups, Instant now) {
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
        MessageReference replyTo = send.message().getReplyTo();
        FirstSend quoted = replyTo == null ? null : bounds.standing(open, sender, replyTo.getMessageId(), lookups, now);
        if (replyTo != null && quoted == null) {
            return NO_SUCH_QUOTED;
        }
        Content content = send.message().getContent();
        if (!MentionRules.mayMention(open, sender, content)) {
            return MentionRules.ADMINS_ONLY;
        }
        Membership joined = sender.accepted() ? null : sender.toAccepted();
        Message message = placed(open, send.message(), quoted);
        Draft draft = Draft.of(open, new MessageSent(message, joined), now);
        Position at = draft.position();
        Mentions mentions = message.getContent().getMentions();
        FirstSend sent = new FirstSend(
                sender.userId(),
                at.sequenceNumber(),
                at.timestamp(),
                MessageState.sent(message.getExpiresAt(), ContentHash.of(content), mentions));
        draft.with(new MessageIndexed(messageId, sent));
        MentionRules.changes(null, mentions, sent).forEach(draft::with);
        return draft.with(new WatermarksMoved(sender.userId(), ReceiptRules.ofSender(at), at.timestamp()))
                .accepted();
    }

    /// The message with what only the sequencer knows of it.
    private static Message placed(Open open, Message message, @Nullable FirstSend quoted) {
        long sequenceNumber = open.position().sequenceNumber() + 1;
        return new Message(
                message.getMessageId(),
                MentionRules.shown(open, sequenceNumber, message.getContent()),
                message.getExpiresAt(),
                quoted == null
                        ? null
                        : new MessageReference(message.getReplyTo().getMessageId(), quoted.sequenceNumber()));
    }
}
