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
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.ConversationEvent.MessageDeleted;
import chat.milena.conversation.state.ConversationEvent.MessageEdited;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageAnnotations;
import chat.milena.conversation.state.MessageState;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ConversationType;
import java.time.Duration;
import java.time.Instant;
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
            return Changes.none(new Duplicate(written.sequenceNumber(), written.timestamp(), state.revision()));
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
        Draft draft = Draft.of(
                open,
                new MessageEdited(edit.messageId(), message.sequenceNumber(), revision, content, state.expiresAt()),
                now);
        FirstSend next = message.toState(state.toEdited(contentHash, content.getMentions(), draft.eventTime()));
        MentionRules.changes(state.mentions(), content.getMentions(), next).forEach(draft::with);
        ThreadRules.followers(open, next, state.mentions(), content.getMentions(), lookups)
                .forEach(follow -> draft.with(new FollowChanged(follow)));
        return draft.withFirst(new MessageOverwritten(edit.messageId(), next, content, null))
                .accepted(revision);
    }

    /// @param member null for a moderator who is not a member
    Changes delete(Open open, @Nullable Membership member, DeleteMessage delete, Lookups lookups, Instant now) {
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
        Draft draft = Draft.of(
                open,
                new MessageDeleted(delete.messageId(), message.sequenceNumber(), delete.reason(), annotated),
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
        MentionRules.changes(state.mentions(), null, next).forEach(draft::with);
        if (!next.isHidden() && state.expiresAt() == null) {
            draft.withFirst(new Listed(Ids.DELETED, next.sequenceNumber(), next));
        }
        ThreadPlace place = state.place();
        if (place != null) {
            // Its ordinal stays: the list says that it is deleted.
            draft.with(new Listed(place.getRoot().getMessageId(), place.getOrdinal(), next));
        }
        return draft.withFirst(new MessageOverwritten(delete.messageId(), next, NOTHING, delete.userId()))
                .accepted();
    }

    static boolean mayRead(Open open, Membership member, FirstSend message) {
        return message.sequenceNumber() >= member.readsFrom(open.properties().settings());
    }

    private static boolean isGroupAdmin(Open open, @Nullable Membership member) {
        return member != null && member.isAdmin() && open.properties().type() == ConversationType.GROUP;
    }

    /// How long messages are kept and may be edited.
    ///
    /// @param retention from their time on
    /// @param editWithin the same; zero for no bound
    record MessageBounds(Duration retention, Duration editWithin) {

        /// The message with this id, if it is shown with its content and the member may read it; else null.
        @Nullable
        FirstSend standing(Open open, Membership member, String messageId, Lookups lookups, Instant now) {
            FirstSend message = lookups.message(messageId);
            if (message == null || !mayRead(open, member, message)) {
                return null;
            }
            MessageState state = message.state();
            boolean gone = state == null
                    ? isPast(message, retention, now)
                    : state.deleted() != null || isGone(message, state, now);
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
