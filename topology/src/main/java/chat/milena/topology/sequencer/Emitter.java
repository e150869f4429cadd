package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Membership;
import java.time.Instant;
import java.util.Collection;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Writes what was decided to the sinks, each record stamped with the time of its event.
record Emitter(ProcessorContext<LogKey, SpecificRecord> context) {

    void event(ConversationKey key, TimelineEvent event) {
        emit(SequencerTopology.MESSAGES, new EventKey(key, event.getSequenceNumber()), event, event.getTimestamp());
    }

    void conversation(ConversationKey key, Open open) {
        emit(
                SequencerTopology.CONVERSATIONS,
                key,
                StateRecords.conversation(key, open),
                open.position().timestamp());
    }

    void joined(ConversationKey key, Collection<Membership> memberships) {
        for (Membership membership : memberships) {
            Member member = StateRecords.member(key, membership);
            MemberKey byConversation = new MemberKey(key, membership.userId());
            MembershipKey byUser =
                    new MembershipKey(new UserKey(key.tenant(), membership.userId()), key.conversationId());
            emit(SequencerTopology.MEMBERS, byConversation, member, membership.joinedAt());
            emit(SequencerTopology.MEMBERSHIPS, byUser, member, membership.joinedAt());
        }
    }

    void delivery(Deliveries.Addressed to, Instant timestamp) {
        emit(SequencerTopology.DELIVERIES, to.shard(), to.delivery(), timestamp);
    }

    private void emit(String sink, LogKey key, SpecificRecord value, Instant timestamp) {
        context.forward(new Record<>(key, value, timestamp.toEpochMilli()), sink);
    }
}
