package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.state.ConversationEvent.ConversationCreated;
import chat.milena.conversation.state.ConversationEvent.ConversationUpdated;
import chat.milena.conversation.state.ConversationEvent.MemberRemoved;
import chat.milena.conversation.state.ConversationEvent.MembersAdded;
import chat.milena.conversation.state.ConversationEvent.MessageDeleted;
import chat.milena.conversation.state.ConversationEvent.MessageEdited;
import chat.milena.conversation.state.ConversationEvent.MessagePinned;
import chat.milena.conversation.state.ConversationEvent.MessageReleased;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationEvent.ReactionChanged;
import chat.milena.conversation.state.ConversationEvent.RoleChanged;
import chat.milena.conversation.state.ConversationProperties;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.NumberedEvent;
import chat.milena.conversation.state.Position;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.NumberedTime;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.word.EventKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns events into the records of the canonical log, and conversations into the form that clients see. Pure.
final class EventRecords {
    /// Maximum number of participants in a snapshot; its `memberCount` counts all.
    private static final int SNAPSHOT_PARTICIPANTS_MAX = 100;

    private EventRecords() {}

    /// The records of the events among these changes, in order.
    ///
    /// @param actor the author of the command
    /// @param rulesVersion the version of the rules that decided
    static List<TimelineEvent> of(ConversationKey key, Actor actor, int rulesVersion, Changes changes) {
        List<TimelineEvent> events = new ArrayList<>(2);
        for (Change change : changes.list()) {
            if (change instanceof Numbered numbered) {
                events.add(timelineEvent(key, actor, rulesVersion, numbered.numbered()));
            }
        }
        return events;
    }

    private static TimelineEvent timelineEvent(
            ConversationKey key, Actor actor, int rulesVersion, NumberedEvent numbered) {
        Position position = numbered.position();
        TimelineEvent event = new TimelineEvent();
        event.setTenant(key.tenant());
        event.setConversationId(key.conversationId());
        event.setSequenceNumber(position.sequenceNumber());
        event.setMessageOrdinal(position.messageOrdinal());
        event.setExpiringOrdinal(position.expiringOrdinal());
        event.setDeletedOrdinal(position.deletedOrdinal());
        event.setHeldOrdinal(position.heldOrdinal());
        event.setUnshownCount(position.unshownCount());
        event.setAnnotatedSequence(position.annotatedSequence());
        event.setTimestamp(position.timestamp());
        event.setActorId(actor.userId());
        event.setActorKind(actor.kind().word());
        event.setRulesVersion(rulesVersion);
        event.setParticipants(List.of());
        switch (numbered.event()) {
            case MessageSent sent -> {
                event.setKind(EventKind.MESSAGE.word());
                event.setMessage(sent.message());
                event.setThread(StateRecords.thread(sent.thread()));
                event.setHold(sent.hold());
            }
            case MessageEdited edited -> {
                event.setKind(EventKind.MESSAGE_EDITED.word());
                event.setChange(change(edited.messageId(), edited.targetSequence()));
                event.getChange().setRevision(edited.revision());
                event.setHold(edited.hold());
            }
            case MessageReleased released -> {
                event.setKind(EventKind.MESSAGE_RELEASED.word());
                event.setChange(change(released.messageId(), released.message().sequenceNumber()));
                event.getChange()
                        .setRevision(StateRecords.required(released.message().state())
                                .revision());
            }
            case MessageDeleted deleted -> {
                event.setKind(EventKind.MESSAGE_DELETED.word());
                event.setChange(change(deleted.messageId(), deleted.targetSequence()));
                event.getChange().setReason(deleted.reason());
            }
            case ReactionChanged changed -> {
                event.setKind(EventKind.REACTION.word());
                event.setChange(
                        change(changed.target().messageId(), changed.target().sequenceNumber()));
                event.getChange().setEmoji(changed.place());
                event.getChange().setRemoved(changed.removed());
            }
            case MessagePinned pinned -> {
                event.setKind(EventKind.MESSAGE_PINNED.word());
                event.setChange(change(pinned.messageId(), pinned.targetSequence()));
                event.getChange().setRemoved(pinned.removed());
            }
            case ConversationCreated created -> {
                event.setKind(EventKind.CONVERSATION_CREATED.word());
                event.setConversation(properties(created.properties()));
                event.setParticipants(participants(created.members(), Integer.MAX_VALUE));
            }
            case ConversationUpdated updated -> {
                event.setKind(EventKind.CONVERSATION_UPDATED.word());
                event.setConversation(properties(updated.properties()));
            }
            case MembersAdded added -> {
                event.setKind(EventKind.MEMBER_ADDED.word());
                event.setParticipants(participants(added.members(), Integer.MAX_VALUE));
            }
            case MemberRemoved removed -> {
                event.setKind(EventKind.MEMBER_REMOVED.word());
                event.setParticipants(participants(List.of(removed.member()), 1));
            }
            case RoleChanged changed -> {
                event.setKind(EventKind.ROLE_CHANGED.word());
                event.setParticipants(participants(List.of(changed.member()), 1));
            }
        }
        return event;
    }

    private static MessageChange change(String messageId, long targetSequence) {
        return new MessageChange(messageId, targetSequence, 0L, null, 0, false);
    }

    /// The record of a message as it is now, in place of the one that it had.
    ///
    /// @param deletedBy who deleted it; null if it was not deleted
    static TimelineEvent message(MessageKey key, IndexedMessage indexed, Content content, @Nullable String deletedBy) {
        ConversationKey conversation = key.conversation();
        NumberedTime edited = indexed.getEdited();
        NumberedTime deleted = indexed.getDeleted();
        TimelineEvent event = new TimelineEvent();
        event.setTenant(conversation.tenant());
        event.setConversationId(conversation.conversationId());
        event.setSequenceNumber(indexed.getSequenceNumber());
        event.setMessageOrdinal(indexed.getMessageOrdinal());
        event.setExpiringOrdinal(indexed.getExpiringOrdinal());
        event.setDeletedOrdinal(indexed.getDeletedOrdinal());
        event.setHeldOrdinal(indexed.getHeldOrdinal());
        event.setUnshownCount(indexed.getUnshownCount());
        event.setTimestamp(indexed.getTimestamp());
        event.setKind(EventKind.MESSAGE.word());
        event.setActorId(indexed.getSenderId());
        event.setActorKind(indexed.getActorKind());
        event.setRulesVersion(indexed.getRulesVersion());
        event.setParticipants(List.of());
        event.setMessage(new Message(
                key.messageId(), content, indexed.getExpiresAt(), indexed.getReplyTo(), indexed.getThread()));
        event.setRevision(indexed.getRevision());
        event.setEditedAt(edited == null ? null : edited.getTimestamp());
        event.setDeletedAt(deleted == null ? null : deleted.getTimestamp());
        event.setDeletedBy(deletedBy);
        event.setHold(indexed.getHold());
        return event;
    }

    private static chat.milena.schemas.avro.ConversationProperties properties(ConversationProperties properties) {
        return new chat.milena.schemas.avro.ConversationProperties(
                properties.type().word(),
                properties.profile().name(),
                properties.settings(),
                properties.profile().avatarUrl(),
                properties.profile().custom());
    }

    static ConversationSnapshot snapshot(Open open) {
        ConversationProperties properties = open.properties();
        return new ConversationSnapshot(
                properties.type().word(),
                properties.profile().name(),
                properties.settings(),
                participants(open.members().values(), SNAPSHOT_PARTICIPANTS_MAX),
                open.members().size(),
                open.position().sequenceNumber(),
                properties.createdAt(),
                properties.profile().avatarUrl(),
                properties.profile().custom());
    }

    private static List<Participant> participants(Collection<Membership> members, int max) {
        return members.stream()
                .limit(max)
                .map(member -> new Participant(member.userId(), member.role().word()))
                .toList();
    }
}
