package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.conversation.state.ConversationProperties;
import chat.milena.conversation.state.ConversationProperties.Profile;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Position;
import chat.milena.conversation.state.ThreadState;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.NumberedTime;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.SequenceState;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.ThreadSummary;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Role;
import chat.milena.schemas.word.Word;
import chat.milena.topology.annotation.AnnotationRecords;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns state into records and back. Pure.
public final class StateRecords {
    private StateRecords() {}

    /// The conversation after the event at its position, which is no message.
    static Conversation conversation(ConversationKey key, Open open) {
        ConversationProperties properties = open.properties();
        return new Conversation(
                key.tenant(),
                key.conversationId(),
                properties.type().word(),
                properties.profile().name(),
                properties.settings(),
                properties.createdBy(),
                properties.createdAt(),
                open.members().size(),
                properties.large(),
                open.position().sequenceNumber(),
                properties.requestHash(),
                properties.profile().avatarUrl(),
                properties.profile().custom());
    }

    /// The properties of a conversation.
    public static ConversationProperties properties(Conversation stored) {
        return new ConversationProperties(
                known(ConversationType.class, stored.getType()),
                new Profile(stored.getName(), stored.getAvatarUrl(), stored.getCustom()),
                stored.getSettings(),
                stored.getCreatedBy(),
                stored.getCreatedAt(),
                stored.getLarge(),
                stored.getRequestHash());
    }

    static Member member(ConversationKey key, Membership membership) {
        return new Member(
                key.tenant(),
                key.conversationId(),
                membership.userId(),
                membership.role().word(),
                membership.joinedAt(),
                membership.joinedSequence(),
                membership.mutedUntil(),
                membership.accepted(),
                membership.firstSequence(),
                membership.blocks());
    }

    /// Members from before joining in existed have joined in.
    public static Membership membership(Member stored) {
        return new Membership(
                stored.getUserId(),
                known(Role.class, stored.getRole()),
                stored.getJoinedAt(),
                stored.getJoinedSequence(),
                stored.getMutedUntil(),
                stored.getAccepted() == null || stored.getAccepted(),
                stored.getFirstSequence(),
                stored.getBlocks());
    }

    static Receipt receipt(MemberKey key, Watermarks watermarks) {
        return new Receipt(
                key.conversation().tenant(),
                key.conversation().conversationId(),
                key.userId(),
                watermarks.delivered(),
                watermarks.deliveredAt(),
                watermarks.read(),
                watermarks.readAt(),
                0L,
                watermarks.unreadFrom());
    }

    /// @param key of the entry for all who left
    static Receipt receipt(MemberKey key, FormerWatermarks former) {
        return new Receipt(
                key.conversation().tenant(),
                key.conversation().conversationId(),
                key.userId(),
                former.delivered(),
                null,
                former.read(),
                null,
                former.fromSequence(),
                null);
    }

    static Reference reference(ConversationKey key, Listed listed) {
        FirstSend message = listed.message();
        ThreadPlace place = required(message.state()).place();
        return new Reference(
                key.tenant(),
                key.conversationId(),
                listed.list(),
                listed.number(),
                message.sequenceNumber(),
                message.senderId(),
                message.timestamp(),
                required(message.state()).expiresAt(),
                place == null ? 0 : place.getRoot().getSequenceNumber(),
                required(message.state()).deleted() != null || message.isHeld(),
                null);
    }

    /// The head of the list of a message's replies.
    static Reference head(ConversationKey key, String rootId, FirstSend root, EventTime reply) {
        ThreadState thread = required(root.state()).thread();
        return new Reference(
                key.tenant(),
                key.conversationId(),
                rootId,
                ReferenceKey.HEAD,
                reply.sequenceNumber(),
                root.senderId(),
                reply.timestamp(),
                null,
                root.sequenceNumber(),
                false,
                thread(thread));
    }

    static FollowedThread followed(ConversationKey key, Follow follow, boolean followed) {
        return new FollowedThread(
                key.tenant(),
                key.conversationId(),
                follow.userId(),
                follow.rootId(),
                follow.rootSequence(),
                follow.readUpToOrdinal(),
                followed);
    }

    static @Nullable ThreadSummary thread(@Nullable ThreadState thread) {
        return thread == null
                ? null
                : new ThreadSummary(thread.replyCount(), thread.lastReplyAt(), thread.participantIds());
    }

    static @Nullable ThreadState thread(@Nullable ThreadSummary stored) {
        return stored == null
                ? null
                : new ThreadState(stored.getReplyCount(), stored.getLastReplyAt(), stored.getParticipantIds());
    }

    static FormerWatermarks formerWatermarks(Receipt stored) {
        return new FormerWatermarks(
                stored.getDeliveredUpToSequence(), stored.getReadUpToSequence(), stored.getFromSequence());
    }

    static Watermarks watermarks(Receipt stored) {
        return new Watermarks(
                stored.getDeliveredUpToSequence(),
                stored.getDeliveredAt(),
                stored.getReadUpToSequence(),
                stored.getReadAt(),
                stored.getUnreadFrom());
    }

    /// Null for no own state.
    static @Nullable Personal personal(MemberKey key, PersonalState state) {
        return state.equals(PersonalState.NONE)
                ? null
                : new Personal(
                        key.conversation().tenant(),
                        key.userId(),
                        key.conversation().conversationId(),
                        state.archived(),
                        state.pinned(),
                        state.hiddenAtOrdinal(),
                        state.clearedUpTo(),
                        state.draft(),
                        state.notificationLevel());
    }

    static PersonalState personal(Personal stored) {
        return new PersonalState(
                stored.getArchived(),
                stored.getPinned(),
                stored.getHiddenAtOrdinal(),
                stored.getClearedUpTo(),
                stored.getDraft(),
                stored.getNotificationLevel());
    }

    static SequenceState sequence(Position position) {
        return new SequenceState(
                position.sequenceNumber(),
                position.messageOrdinal(),
                position.timestamp(),
                position.expiringOrdinal(),
                position.deletedOrdinal(),
                position.annotatedSequence(),
                position.heldOrdinal(),
                position.unshownCount());
    }

    static Position position(SequenceState stored) {
        return new Position(
                stored.getLastSequence(),
                stored.getLastOrdinal(),
                stored.getLastExpiringOrdinal(),
                stored.getLastDeletedOrdinal(),
                stored.getLastAnnotatedSequence(),
                stored.getLastHeldOrdinal(),
                stored.getLastUnshownCount(),
                stored.getLastTimestamp());
    }

    /// The entry of a new message.
    ///
    /// @param event its event
    static IndexedMessage indexed(TimelineEvent event, FirstSend message) {
        IndexedMessage indexed = new IndexedMessage();
        indexed.setSenderId(message.senderId());
        indexed.setSequenceNumber(message.sequenceNumber());
        indexed.setTimestamp(message.timestamp());
        indexed.setMessageOrdinal(event.getMessageOrdinal());
        indexed.setExpiringOrdinal(event.getExpiringOrdinal());
        indexed.setDeletedOrdinal(event.getDeletedOrdinal());
        indexed.setHeldOrdinal(event.getHeldOrdinal());
        indexed.setUnshownCount(event.getUnshownCount());
        indexed.setRulesVersion(event.getRulesVersion());
        indexed.setActorKind(event.getActorKind());
        indexed.setReplyTo(event.getMessage().getReplyTo());
        return withState(indexed, required(message.state()));
    }

    /// The entry that has nothing but the sender of a message.
    static IndexedMessage sender(FirstSend message) {
        IndexedMessage indexed = new IndexedMessage();
        indexed.setSenderId(message.senderId());
        indexed.setSequenceNumber(message.sequenceNumber());
        indexed.setTimestamp(message.timestamp());
        indexed.setActorKind(ActorKind.MEMBER.word());
        indexed.setEmojis(List.of());
        return indexed;
    }

    /// The entry of a changed message.
    ///
    /// @param read from the store; modified by this call
    static IndexedMessage indexed(IndexedMessage read, FirstSend message) {
        return withState(read, required(message.state()));
    }

    private static IndexedMessage withState(IndexedMessage indexed, MessageState state) {
        indexed.setExpiresAt(state.expiresAt());
        indexed.setRevision(state.revision());
        indexed.setContentHash(state.contentHash());
        indexed.setEdited(numberedTime(state.edited()));
        indexed.setDeleted(numberedTime(state.deleted()));
        indexed.setMentions(state.mentions());
        indexed.setThread(state.place());
        indexed.setOwnThread(thread(state.thread()));
        indexed.setEmojis(AnnotationRecords.emojis(state.annotations()));
        indexed.setPin(AnnotationRecords.pin(state.annotations()));
        indexed.setHold(state.hold());
        return indexed;
    }

    /// Entries from before messages could be changed lack the fields for it.
    static FirstSend firstSend(IndexedMessage stored) {
        MessageState state = stored.getMessageOrdinal() == 0
                ? null
                : new MessageState(
                        stored.getExpiresAt(),
                        new MessageState.Wording(
                                stored.getRevision(),
                                stored.getContentHash(),
                                eventTime(stored.getEdited()),
                                stored.getMentions()),
                        eventTime(stored.getDeleted()),
                        stored.getThread(),
                        thread(stored.getOwnThread()),
                        AnnotationRecords.annotations(stored),
                        stored.getReplyTo(),
                        stored.getHold());
        return new FirstSend(stored.getSenderId(), stored.getSequenceNumber(), stored.getTimestamp(), state);
    }

    static MessageState required(@Nullable MessageState state) {
        if (state == null) {
            throw new BrokenInvariantException("Saved without its state: a message");
        }
        return state;
    }

    private static @Nullable NumberedTime numberedTime(@Nullable EventTime event) {
        return event == null ? null : new NumberedTime(event.sequenceNumber(), event.timestamp());
    }

    private static @Nullable EventTime eventTime(@Nullable NumberedTime stored) {
        return stored == null ? null : new EventTime(stored.getSequenceNumber(), stored.getTimestamp());
    }

    /// The sequencer's own stores hold only words of this version or an older one.
    private static <W extends Enum<W> & Word> W known(Class<W> words, String word) {
        return Word.parse(words, word)
                .orElseThrow(() -> new BrokenInvariantException("Stored by a newer version: " + word));
    }
}
