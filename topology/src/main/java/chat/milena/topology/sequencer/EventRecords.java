package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.ConversationProperties;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.topology.conversation.ConversationEvent.ConversationCreated;
import chat.milena.topology.conversation.ConversationEvent.MessageSent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Membership;
import chat.milena.topology.conversation.Properties;
import java.util.Collection;
import java.util.List;

/// Turns events into the records of the canonical log, and conversations into what clients are shown. Pure.
final class EventRecords {
    /// A snapshot names no more people than this; its `memberCount` stays true.
    private static final int SNAPSHOT_PARTICIPANTS_MAX = 100;

    private EventRecords() {}

    static TimelineEvent timelineEvent(ConversationKey key, String actorId, Accepted accepted) {
        TimelineEvent event = new TimelineEvent();
        event.setTenant(key.tenant());
        event.setConversationId(key.conversationId());
        event.setSequenceNumber(accepted.next().position().sequenceNumber());
        event.setMessageOrdinal(accepted.next().position().messageOrdinal());
        event.setTimestamp(accepted.next().position().timestamp());
        event.setActorId(actorId);
        event.setParticipants(List.of());
        switch (accepted.event()) {
            case MessageSent sent -> {
                event.setKind(EventKind.MESSAGE.word());
                event.setMessage(sent.message());
            }
            case ConversationCreated created -> {
                Properties properties = created.properties();
                event.setKind(EventKind.CONVERSATION_CREATED.word());
                event.setConversation(
                        new ConversationProperties(properties.type().word(), properties.name(), properties.settings()));
                event.setParticipants(participants(created.members(), Integer.MAX_VALUE));
            }
        }
        return event;
    }

    static ConversationSnapshot snapshot(Open open) {
        Properties properties = open.properties();
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
