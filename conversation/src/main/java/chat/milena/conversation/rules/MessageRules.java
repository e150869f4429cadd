package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;
import static chat.milena.schemas.word.ErrorCode.INVALID_MESSAGE;
import static chat.milena.schemas.word.ErrorCode.MESSAGE_NOT_FOUND;

import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Replied;
import chat.milena.conversation.command.Change.FollowChanged;
import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.SendNoted;
import chat.milena.conversation.command.Change.SenderIndexed;
import chat.milena.conversation.command.Change.ThreadGrown;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.moderation.HoldRules;
import chat.milena.conversation.moderation.SlowMode;
import chat.milena.conversation.rules.MessageChangeRules.MessageBounds;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.Position;
import chat.milena.conversation.state.ThreadState;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.ThreadPlace;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decides on messages. Pure.
///
/// A message costs one lookup, one more if it quotes another, one more in [SlowMode], two more if it waits for a
/// moderator, and no read of receipts: the sender's earlier watermarks do not matter. A message that its sender may not
/// read cannot be quoted. What waits moves no watermarks and joins its sender in only once it is released: members see
/// both, and would know who wrote it.
///
/// @param bounds how long messages are kept
/// @param threads decides where replies come
/// @param broadcastMax up to how many members all of them are shown a receipt
record MessageRules(MessageBounds bounds, ThreadRules threads, int broadcastMax) {

    private static final Changes ANOTHER_MEMBERS_ID =
            Changes.rejected(INVALID_MESSAGE, "messageId: another member's message has this id");
    private static final Changes ADMINS_ONLY = Changes.rejected(FORBIDDEN, "only admins post in this group");

    private static final Changes NO_SUCH_QUOTED =
            Changes.rejected(MESSAGE_NOT_FOUND, "replyTo: there is no such message");

    /// The answer to a message that its sender sent before, while they were a member: without the thread of now, which
    /// is for members. Null if this id is not theirs.
    static @Nullable Duplicate sentBefore(SendMessage send, Lookups lookups) {
        FirstSend first = lookups.message(send.message().getMessageId());
        return first != null && first.senderId().equals(send.userId())
                ? new Duplicate(first.sequenceNumber(), first.timestamp(), null, null, first.isHeld())
                : null;
    }

    Changes decide(Open open, Membership sender, SendMessage send, Lookups lookups, Instant now) {
        String messageId = send.message().getMessageId();
        FirstSend first = lookups.message(messageId);
        if (first != null) {
            return first.senderId().equals(sender.userId())
                    ? Changes.none(new Duplicate(
                            first.sequenceNumber(),
                            first.timestamp(),
                            null,
                            ThreadRules.replied(first, lookups),
                            first.isHeld()))
                    : ANOTHER_MEMBERS_ID;
        }
        if (open.isBlocked()) {
            return BlockRules.BLOCKED;
        }
        if (open.properties().settings().getOnlyAdminsCanPost() && !sender.isAdmin()) {
            return ADMINS_ONLY;
        }
        Changes tooSoon = SlowMode.of(open, sender, now).refusal(lookups);
        if (tooSoon != null) {
            return tooSoon;
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
        ThreadRules.Placing placing = threads.place(open, sender, send.message().getThread(), lookups, now);
        if (placing instanceof ThreadRules.Refused(Changes changes)) {
            return changes;
        }
        if (HoldRules.holds(open, sender, send.actor())) {
            return held(open, sender, send, quoted, placing, lookups, now);
        }
        if (placing instanceof ThreadRules.Reply reply) {
            return reply(open, sender, send, quoted, reply, lookups, now);
        }
        Draft draft = sent(open, sender, placed(open, send.message(), quoted, null), send, null, null, now);
        return read(draft, sender).accepted();
    }

    /// A message that waits for a moderator. It has its number, but others are not shown it: it mentions nobody
    /// yet, and a reply is in no thread yet.
    private Changes held(
            Open open,
            Membership sender,
            SendMessage send,
            @Nullable FirstSend quoted,
            ThreadRules.Placing placing,
            Lookups lookups,
            Instant now) {
        if (!lookups.mayHold(HoldRules.HELD_MAX)) {
            return HoldRules.FULL;
        }
        ThreadPlace place = placing instanceof ThreadRules.Reply reply
                ? new ThreadPlace(reply.place().getRoot(), 0L, reply.place().getShowInConversation())
                : null;
        Hold hold = HoldRules.fromStart(
                open, sender.userId(), open.position().next(now).sequenceNumber());
        Message message = placed(open, send.message(), quoted, place);
        Draft draft = sent(open, sender, message, send, null, hold, now);
        draft.with(ReportRules.held(
                lookups.report(message.getMessageId()),
                message.getMessageId(),
                new FirstSend(
                        sender.userId(),
                        draft.position().sequenceNumber(),
                        draft.position().timestamp()),
                message.getContent(),
                message.getExpiresAt(),
                now));
        return draft.accepted(null, true);
    }

    /// A message of the conversation moves the watermarks of its sender.
    private static Draft read(Draft draft, Membership sender) {
        Position at = draft.position();
        return draft.with(new WatermarksMoved(sender.userId(), ReceiptRules.ofSender(at), at.timestamp()));
    }

    /// A reply that is shown in its thread alone is no message of the conversation: it moves no watermark there.
    private Changes reply(
            Open open,
            Membership sender,
            SendMessage send,
            @Nullable FirstSend quoted,
            ThreadRules.Reply reply,
            Lookups lookups,
            Instant now) {
        Position next = open.position().next(now);
        ThreadState thread = reply.thread(sender.userId(), next.timestamp());
        Message message = placed(open, send.message(), quoted, reply.place());
        Draft draft = sent(open, sender, message, send, thread, null, now);
        FirstSend root = reply.root();
        MessageState state = Objects.requireNonNull(root.state(), "a root has a state");
        draft.withFirst(new ThreadGrown(reply.rootId(), root.toState(state.toThread(thread)), draft.eventTime()));
        ThreadRules.followers(open, sender.userId(), reply, message.getContent().getMentions(), lookups)
                .forEach(follow -> draft.with(new FollowChanged(follow)));
        if (reply.place().getShowInConversation()) {
            read(draft, sender);
        }
        return draft.accepted(new Replied(reply.place().getOrdinal(), thread), false);
    }

    /// The event of a message, and what it leaves in the index and in lists.
    private Draft sent(
            Open open,
            Membership sender,
            Message message,
            SendMessage send,
            @Nullable ThreadState thread,
            @Nullable Hold hold,
            Instant now) {
        Membership joined = sender.accepted() || hold != null ? null : sender.toAccepted();
        Draft draft = Draft.of(open, new MessageSent(message, joined, thread, hold), now);
        Position at = draft.position();
        Mentions mentions = message.getContent().getMentions();
        ThreadPlace place = message.getThread();
        // By the content as the sender gave it: so a resent edit is known again.
        String hash = ContentHash.of(send.message().getContent());
        FirstSend sent = new FirstSend(
                sender.userId(),
                at.sequenceNumber(),
                at.timestamp(),
                MessageState.sent(message.getExpiresAt(), hash, mentions, place)
                        .toQuoting(message.getReplyTo())
                        .toHold(hold));
        draft.with(new MessageIndexed(message.getMessageId(), sent));
        SendNoted noted = SlowMode.of(open, sender, now).noted();
        if (noted != null) {
            draft.with(noted);
        }
        if (open.members().size() > broadcastMax) {
            draft.with(new SenderIndexed(sent));
        }
        if (hold != null) {
            return HoldRules.isCounted(sent) ? draft.withFirst(HoldRules.leftOut(sent)) : draft;
        }
        if (place != null) {
            draft.with(new Listed(place.getRoot().getMessageId(), place.getOrdinal(), sent));
        }
        MentionRules.changes(null, mentions, sent).forEach(draft::with);
        return draft;
    }

    /// The message with the fields that only the sequencer knows.
    private static Message placed(Open open, Message message, @Nullable FirstSend quoted, @Nullable ThreadPlace place) {
        long sequenceNumber = open.position().sequenceNumber() + 1;
        return new Message(
                message.getMessageId(),
                MentionRules.shown(open, sequenceNumber, message.getContent()),
                message.getExpiresAt(),
                quoted == null
                        ? null
                        : new MessageReference(message.getReplyTo().getMessageId(), quoted.sequenceNumber()),
                place);
    }
}
