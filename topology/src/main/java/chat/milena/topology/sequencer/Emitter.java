package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.topology.conversation.ConversationEvent.ConversationCreated;
import chat.milena.topology.conversation.ConversationEvent.ConversationUpdated;
import chat.milena.topology.conversation.ConversationEvent.MemberRemoved;
import chat.milena.topology.conversation.ConversationEvent.MembersAdded;
import chat.milena.topology.conversation.ConversationEvent.MessageSent;
import chat.milena.topology.conversation.ConversationEvent.RoleChanged;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Membership;
import chat.milena.topology.conversation.NumberedEvent;
import chat.milena.topology.delivery.Deliveries;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Writes what was decided to the sinks, each record stamped with the time of its event.
record Emitter(ProcessorContext<LogKey, SpecificRecord> context) {

    void event(ConversationKey key, TimelineEvent event) {
        emit(SequencerTopology.MESSAGES, new EventKey(key, event.getSequenceNumber()), event, event.getTimestamp());
    }

    /// Publishes the state that changed. A message changes none, but for its sender who joins in by it.
    void state(ConversationKey key, Accepted accepted) {
        if (!accepted.isMessage()) {
            Open next = accepted.next();
            emit(
                    SequencerTopology.CONVERSATIONS,
                    key,
                    StateRecords.conversation(key, next),
                    next.position().timestamp());
        }
        for (NumberedEvent numbered : accepted.events()) {
            Instant timestamp = numbered.position().timestamp();
            switch (numbered.event()) {
                case MessageSent(var message, var joined) -> {
                    if (joined != null) {
                        member(key, joined, timestamp);
                    }
                }
                case ConversationUpdated updated -> {}
                case ConversationCreated created -> members(key, created.members(), timestamp);
                case MembersAdded added -> members(key, added.members(), timestamp);
                case RoleChanged changed -> members(key, List.of(changed.member()), timestamp);
                case MemberRemoved removed -> member(key, removed.member().userId(), null, timestamp);
            }
        }
    }

    private void members(ConversationKey key, List<Membership> memberships, Instant timestamp) {
        for (Membership membership : memberships) {
            member(key, membership.userId(), StateRecords.member(key, membership), timestamp);
        }
    }

    /// A membership that no event changed.
    void member(ConversationKey key, Membership membership, Instant timestamp) {
        members(key, List.of(membership), timestamp);
    }

    /// The same record under both keys; null is the tombstone of who left.
    private void member(ConversationKey key, String userId, @Nullable Member member, Instant timestamp) {
        UserKey user = new UserKey(key.tenant(), userId);
        emit(SequencerTopology.MEMBERS, new MemberKey(key, userId), member, timestamp);
        emit(SequencerTopology.MEMBERSHIPS, new MembershipKey(user, key.conversationId()), member, timestamp);
    }

    /// Null is the tombstone of who left.
    void receipt(MemberKey key, @Nullable Receipt receipt, Instant timestamp) {
        emit(SequencerTopology.RECEIPTS, key, receipt, timestamp);
    }

    void fanout(ConversationKey key, FanoutEvent event) {
        emit(SequencerTopology.FANOUT, key, event, event.getEvent().getTimestamp());
    }

    void delivery(Deliveries.Addressed to, Instant timestamp) {
        emit(SequencerTopology.DELIVERIES, to.shard(), to.delivery(), timestamp);
    }

    private void emit(String sink, LogKey key, @Nullable SpecificRecord value, Instant timestamp) {
        context.forward(new Record<>(key, value, timestamp.toEpochMilli()), sink);
    }
}
