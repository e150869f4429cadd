package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.CONFLICT;
import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;
import static chat.milena.schemas.word.ErrorCode.MESSAGE_NOT_FOUND;

import chat.milena.conversation.command.Answer.Detail.Revision;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change.AnnotationsDeleted;
import chat.milena.conversation.command.Change.FollowChanged;
import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.command.Change.MessageOverwritten;
import chat.milena.conversation.command.Change.PinsChanged;
import chat.milena.conversation.command.Change.ReportChanged;
import chat.milena.conversation.command.Change.ThreadGrown;
import chat.milena.conversation.command.Change.Unlisted;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.moderation.HoldRules;
import chat.milena.conversation.moderation.QueueRules;
import chat.milena.conversation.state.ConversationEvent.MessageDeleted;
import chat.milena.conversation.state.ConversationEvent.MessageEdited;
import chat.milena.conversation.state.ConversationEvent.MessageReleased;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageAnnotations;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.Position;
import chat.milena.conversation.state.ThreadState;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ConversationType;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decides on changes of messages. Pure.
///
/// Rights are checked first. A change that makes no difference is a duplicate, with the number of the change that
/// made it so; revision and age are checked after that: so every change may be resent. A message that its actor
/// may not read is unknown.
///
/// @param bounds how long messages are kept and may be edited
record MessageChangeRules(MessageBounds bounds) {
    static final Changes NO_SUCH_MESSAGE = Changes.rejected(MESSAGE_NOT_FOUND, "messageId: there is no such message");
    private static final Changes SENDER_ONLY = Changes.rejected(FORBIDDEN, "only its sender may edit a message");
    private static final Changes NOT_THEIRS =
            Changes.rejected(FORBIDDEN, "only its sender, admins of the group and moderators may delete a message");
    static final Changes OF_AN_OLDER_RELEASE =
            Changes.rejected(FORBIDDEN, "messageId: this message is from before messages could be changed");

    private static final Changes NO_SUCH_THREAD =
            Changes.rejected(MESSAGE_NOT_FOUND, "messageId: the message that begins the thread of this one is gone");

    /// The message was edited since the caller saw it.
    static Rejected conflict(long revision) {
        return new Rejected(CONFLICT, "revision: the message has revision " + revision, new Revision(revision));
    }

    /// In place of deleted content; no client can send this type.
    static final Content NOTHING = new Content("deleted", null, null, null, null);

    Changes edit(Open open, Membership member, EditMessage edit, Lookups lookups, Instant now) {
        FirstSend message = lookups.message(edit.messageId());
        if (message == null || !mayRead(open, member, message)) {
            return NO_SUCH_MESSAGE;
        }
        if (!message.senderId().equals(member.userId())) {
            return SENDER_ONLY;
        }
        MessageState state = message.state();
        if (state == null) {
            return OF_AN_OLDER_RELEASE;
        }
        if (state.deleted() != null || bounds.isGone(message, state, now)) {
            return NO_SUCH_MESSAGE;
        }
        String contentHash = ContentHash.of(edit.content());
        if (contentHash.equals(state.contentHash())) {
            EventTime written = message.written();
            return Changes.none(new Duplicate(
                    written.sequenceNumber(), written.timestamp(), state.revision(), null, state.isHeld()));
        }
        if (edit.revision() != null && edit.revision() != state.revision()) {
            return Changes.none(conflict(state.revision()));
        }
        if (!bounds.mayBeEdited(message, now)) {
            return Changes.rejected(
                    FORBIDDEN,
                    "a message may be edited for " + bounds.editWithin().toSeconds() + " seconds");
        }
        if (!MentionRules.mayMention(open, member, edit.content())) {
            return MentionRules.ADMINS_ONLY;
        }
        long revision = state.revision() + 1;
        Content content = MentionRules.shown(open, message.sequenceNumber(), edit.content());
        boolean held = state.isHeld() || HoldRules.holds(open, member, edit.actor());
        if (held && !state.isHeld() && !lookups.mayHold(HoldRules.HELD_MAX)) {
            return HoldRules.FULL;
        }
        Hold hold = held ? HoldRules.edited(open, message, state) : state.hold();
        Draft draft = Draft.of(
                open,
                new MessageEdited(
                        edit.messageId(),
                        message.sequenceNumber(),
                        revision,
                        content,
                        state.expiresAt(),
                        held ? hold : null),
                now);
        FirstSend next = message.toState(state.toEdited(contentHash, content.getMentions(), draft.eventTime())
                .toHold(hold));
        if (held) {
            hide(draft, state, next);
            draft.with(ReportRules.held(
                    lookups.report(edit.messageId()), edit.messageId(), next, content, state.expiresAt(), now));
        } else {
            MentionRules.changes(state.mentions(), content.getMentions(), next).forEach(draft::with);
            ThreadRules.followers(open, next, state.mentions(), content.getMentions(), lookups)
                    .forEach(follow -> draft.with(new FollowChanged(follow)));
        }
        return draft.withFirst(new MessageOverwritten(edit.messageId(), next, content, null))
                .accepted(revision, held);
    }

    /// A message that others were shown waits for a moderator: it mentions nobody and is not counted meanwhile.
    ///
    /// @param before how it was
    private static void hide(Draft draft, MessageState before, FirstSend next) {
        if (before.isHeld()) {
            return;
        }
        MentionRules.changes(before.mentions(), null, next).forEach(draft::with);
        if (HoldRules.isCounted(next)) {
            draft.withFirst(HoldRules.leftOut(next));
        }
        relist(draft, next);
    }

    /// What the list of the replies of its thread says of a reply: its ordinal stays.
    private static void relist(Draft draft, FirstSend next) {
        ThreadPlace place = next.state() == null ? null : next.state().place();
        if (place != null && place.getOrdinal() > 0) {
            draft.with(new Listed(place.getRoot().getMessageId(), place.getOrdinal(), next));
        }
    }

    /// Others are shown a message that waited for a moderator: from now on it mentions, counts and is in its
    /// thread as if it had not waited, under the number that it has. The answer is that of the decision. A reply
    /// comes into its thread also if the message that begins it was deleted or waits itself, as replies before
    /// it stay there.
    ///
    /// @param content the present one
    Changes release(
            Open open,
            String messageId,
            FirstSend message,
            MessageState state,
            Content content,
            Lookups lookups,
            Instant now) {
        ThreadPlace place = state.place();
        ThreadRules.Reply reply = place == null ? null : ThreadRules.end(place, lookups);
        if (place != null && reply == null) {
            return NO_SUCH_THREAD;
        }
        Position at = open.position().next(now);
        ThreadState thread = state.thread();
        ThreadPlace nextPlace = place;
        boolean joins = place != null && place.getOrdinal() == 0;
        if (reply != null) {
            thread = joins ? reply.thread(message.senderId(), at.timestamp()) : ThreadRules.threadOf(reply.root());
            nextPlace = joins ? reply.place() : place;
        }
        Hold hold = Objects.requireNonNull(state.hold(), "a message that waits says so");
        FirstSend next = message.toState(
                state.toPlace(nextPlace).toHold(HoldRules.released(hold, at.sequenceNumber(), state.revision())));
        Membership sender = sender(open, message);
        Membership joined = sender == null || sender.accepted() ? null : sender.toAccepted();
        Draft draft = Draft.of(open, new MessageReleased(messageId, next, content, thread, joined), now);
        read(draft, sender, next, lookups);
        MentionRules.changes(null, state.mentions(), next).forEach(draft::with);
        if (HoldRules.isCounted(next)) {
            draft.with(new Unlisted(Ids.DELETED, next.sequenceNumber()));
        }
        relist(draft, next);
        if (reply != null && joins && thread != null) {
            MessageState root = Objects.requireNonNull(reply.root().state(), "a root has a state");
            draft.withFirst(
                    new ThreadGrown(reply.rootId(), reply.root().toState(root.toThread(thread)), draft.eventTime()));
            ThreadRules.followersOfReleased(open, message.senderId(), reply, state.mentions(), lookups)
                    .forEach(follow -> draft.with(new FollowChanged(follow)));
        } else if (reply != null) {
            // Whom the edit mentions that waited; those who follow already stay as they are.
            ThreadRules.followers(open, next, null, state.mentions(), lookups)
                    .forEach(follow -> draft.with(new FollowChanged(follow)));
        }
        return draft.withFirst(new MessageOverwritten(messageId, next, content, null))
                .accepted();
    }

    /// Its sender; null if they have left since, though they may be back.
    private static @Nullable Membership sender(Open open, FirstSend message) {
        Membership sender = open.members().get(message.senderId());
        return sender == null || sender.joinedSequence() > message.sequenceNumber() ? null : sender;
    }

    /// A message of the conversation moves the watermarks of its sender once others see that it is theirs. It is not
    /// their own act then, so their mark as unread stays.
    private static void read(Draft draft, @Nullable Membership sender, FirstSend released, Lookups lookups) {
        if (sender == null || released.isHidden()) {
            return;
        }
        Watermarks before = lookups.watermarks(sender.userId());
        if (before.read() < released.sequenceNumber()) {
            Instant at = draft.position().timestamp();
            Watermarks next = before.toRead(released.sequenceNumber(), at).toUnread(before.unreadFrom());
            draft.with(new WatermarksMoved(sender.userId(), next, at));
        }
    }

    /// @param member null for a moderator who is not a member
    Changes delete(Open open, @Nullable Membership member, DeleteMessage delete, Lookups lookups, Instant now) {
        return delete(open, member, delete, lookups, now, true);
    }

    /// The same as what follows from a decision, which itself changes the queue of the moderators.
    Changes deleteByDecision(Open open, DeleteMessage delete, Lookups lookups, Instant now) {
        return delete(open, null, delete, lookups, now, false);
    }

    /// @param dequeues whether a message that waits for a moderator is to be taken from the queue
    private Changes delete(
            Open open,
            @Nullable Membership member,
            DeleteMessage delete,
            Lookups lookups,
            Instant now,
            boolean dequeues) {
        FirstSend message = lookups.message(delete.messageId());
        boolean moderates = delete.actor().moderates();
        if (message == null || !(moderates || (member != null && mayRead(open, member, message)))) {
            return NO_SUCH_MESSAGE;
        }
        if (!moderates && !message.senderId().equals(delete.userId()) && !isGroupAdmin(open, member)) {
            return NOT_THEIRS;
        }
        MessageState state = message.state();
        if (state == null) {
            return OF_AN_OLDER_RELEASE;
        }
        if (bounds.isGone(message, state, now)) {
            return NO_SUCH_MESSAGE;
        }
        EventTime deleted = state.deleted();
        if (deleted != null) {
            return Changes.none(new Duplicate(deleted.sequenceNumber(), deleted.timestamp()));
        }
        boolean annotated = !state.annotations().equals(MessageAnnotations.NONE);
        boolean held = state.isHeld();
        Draft draft = Draft.of(
                open,
                new MessageDeleted(
                        delete.messageId(),
                        message.sequenceNumber(),
                        delete.reason(),
                        annotated,
                        held ? message : null),
                now);
        if (annotated) {
            draft.withFirst(new AnnotationsDeleted(message.sequenceNumber()));
        }
        if (state.annotations().isPinned()) {
            draft.withFirst(new PinsChanged(lookups.pins().stream()
                    .filter(pinned -> pinned.sequenceNumber() != message.sequenceNumber())
                    .toList()));
        }
        FirstSend next = message.toState(state.toDeleted(draft.eventTime()));
        MentionRules.changes(held ? null : state.mentions(), null, next).forEach(draft::with);
        if (HoldRules.isCounted(next)) {
            draft.withFirst(HoldRules.leftOut(next));
        }
        relist(draft, next);
        ReportedMessage queued = held && dequeues ? lookups.report(delete.messageId()) : null;
        if (queued != null) {
            draft.with(new ReportChanged(queued, QueueRules.unheld(QueueRules.copy(queued))));
        }
        return draft.withFirst(new MessageOverwritten(delete.messageId(), next, NOTHING, delete.userId()))
                .accepted();
    }

    /// What waits for a moderator is unknown to those who are not shown it.
    static boolean mayRead(Open open, Membership member, FirstSend message) {
        return message.sequenceNumber() >= member.readsFrom(open.properties().settings())
                && message.isShownTo(member.userId());
    }

    private static boolean isGroupAdmin(Open open, @Nullable Membership member) {
        return member != null && member.isAdmin() && open.properties().type() == ConversationType.GROUP;
    }

    /// How long messages are kept and may be edited.
    ///
    /// @param retention from their time on
    /// @param editWithin the same; zero for no bound
    record MessageBounds(Duration retention, Duration editWithin) {

        /// The message with this id, if it is shown to all with its content and the member may read it; else null.
        @Nullable
        FirstSend standing(Open open, Membership member, String messageId, Lookups lookups, Instant now) {
            FirstSend message = lookups.message(messageId);
            if (message == null || !mayRead(open, member, message)) {
                return null;
            }
            MessageState state = message.state();
            boolean gone = state == null
                    ? isPast(message, retention, now)
                    : state.deleted() != null || state.isHeld() || isGone(message, state, now);
            return gone ? null : message;
        }

        /// Whether a message is no longer shown, for either reason.
        boolean isGone(FirstSend message, MessageState state, Instant now) {
            Instant expiresAt = state.expiresAt();
            return (expiresAt != null && !expiresAt.isAfter(now)) || isPast(message, retention, now);
        }

        boolean mayBeEdited(FirstSend message, Instant now) {
            return editWithin.isZero() || !isPast(message, editWithin, now);
        }

        private static boolean isPast(FirstSend message, Duration life, Instant now) {
            return Duration.between(message.timestamp(), now).compareTo(life) > 0;
        }
    }
}
