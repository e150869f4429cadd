package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.state.ConversationEvent.ConversationCreated;
import chat.milena.conversation.state.ConversationEvent.ConversationUpdated;
import chat.milena.conversation.state.ConversationEvent.MemberRemoved;
import chat.milena.conversation.state.ConversationEvent.MembersAdded;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationEvent.RoleChanged;
import chat.milena.conversation.state.ConversationProperties;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.NumberedEvent;
import chat.milena.conversation.state.Position;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.EventKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Turns events into the records of the canonical log, and conversations into what clients are shown. Pure.
final class EventRecords {
    /// A snapshot names no more people than this; its `memberCount` stays true.
    private static final int SNAPSHOT_PARTICIPANTS_MAX = 100;

    private EventRecords() {}

    /// The records of the events among these changes, in their order.
    ///
    /// @param actorId whose command it was
    /// @param rulesVersion of the rules that decided on it
    static List<TimelineEvent> of(ConversationKey key, String actorId, int rulesVersion, Changes changes) {
        List<TimelineEvent> events = new ArrayList<>(2);
        for (Change change : changes.list()) {
            if (change instanceof Numbered numbered) {
                events.add(timelineEvent(key, actorId, rulesVersion, numbered.numbered()));
            }
        }
        return events;
    }

    private static TimelineEvent timelineEvent(
            ConversationKey key, String actorId, int rulesVersion, NumberedEvent numbered) {
        Position position = numbered.position();
        TimelineEvent event = new TimelineEvent();
        event.setTenant(key.tenant());
        event.setConversationId(key.conversationId());
        event.setSequenceNumber(position.sequenceNumber());
        event.setMessageOrdinal(position.messageOrdinal());
        event.setExpiringOrdinal(position.expiringOrdinal());
        event.setTimestamp(position.timestamp());
        event.setActorId(actorId);
        event.setRulesVersion(rulesVersion);
        event.setParticipants(List.of());
        switch (numbered.event()) {
            case MessageSent sent -> {
                event.setKind(EventKind.MESSAGE.word());
                event.setMessage(sent.message());
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

    private static chat.milena.schemas.avro.ConversationProperties properties(ConversationProperties properties) {
        return new chat.milena.schemas.avro.ConversationProperties(
                properties.type().word(), properties.name(), properties.settings());
    }

    static ConversationSnapshot snapshot(Open open) {
        ConversationProperties properties = open.properties();
        return new ConversationSnapshot(
                properties.type().word(),
                properties.name(),
                properties.settings(),
                participants(open.members().values(), SNAPSHOT_PARTICIPANTS_MAX),
                open.members().size(),
                open.position().sequenceNumber(),
                properties.createdAt());
    }

    private static List<Participant> participants(Collection<Membership> members, int max) {
        return members.stream()
                .limit(max)
                .map(member -> new Participant(member.userId(), member.role().word()))
                .toList();
    }
}
