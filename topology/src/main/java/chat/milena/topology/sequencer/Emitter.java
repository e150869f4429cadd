package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.wire.AcceptedAt;
import chat.milena.schemas.word.ActorKind;
import chat.milena.topology.delivery.Deliveries;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Forwards records to the sinks, each stamped with the time of its change. For the stream thread.
final class Emitter {
    private static final Headers NOTHING = new RecordHeaders();

    private final ProcessorContext<LogKey, SpecificRecord> context;
    private Headers accepted = NOTHING;

    Emitter(ProcessorContext<LogKey, SpecificRecord> context) {
        this.context = context;
    }

    /// The deliveries that follow come from this command, and say when a gateway took it. Commands of rules and
    /// classifiers have the time of the message that they judge.
    void begin(InboundCommand inbound) {
        accepted = ActorKind.MODERATION.is(inbound.getActorKind())
                ? NOTHING
                : AcceptedAt.headers(inbound.getAcceptedAt().toEpochMilli());
    }

    void event(ConversationKey key, TimelineEvent event) {
        emit(SequencerTopology.MESSAGES, new EventKey(key, event.getSequenceNumber()), event, event.getTimestamp());
    }

    /// The record of a message as it is now, in place of the earlier one.
    ///
    /// @param now the time of the change: by the message's own time the log could drop it too soon
    void overwrite(ConversationKey key, TimelineEvent message, Instant now) {
        emit(SequencerTopology.MESSAGES, new EventKey(key, message.getSequenceNumber()), message, now);
    }

    /// Records that say nothing: tombstones of numbers that no event and no message has.
    void nothing(ConversationKey key, Instant now) {
        emit(SequencerTopology.MESSAGES, new EventKey(key, 0), null, now);
        emit(SequencerTopology.ANNOTATIONS, AnnotationKey.ofMessage(key, Long.MAX_VALUE), null, now);
    }

    /// @param annotation null is the tombstone of what was added to a message that is deleted
    void annotation(AnnotationKey key, @Nullable Annotation annotation, Instant timestamp) {
        emit(SequencerTopology.ANNOTATIONS, key, annotation, timestamp);
    }

    void conversation(ConversationKey key, Conversation conversation, Instant timestamp) {
        emit(SequencerTopology.CONVERSATIONS, key, conversation, timestamp);
    }

    /// @param personal null is the tombstone of an empty state
    void personal(MemberKey key, @Nullable Personal personal, Instant timestamp) {
        emit(SequencerTopology.PERSONAL, membership(key), personal, timestamp);
    }

    /// @param thread null is the tombstone of somebody who follows it no longer
    void thread(FollowKey key, @Nullable FollowedThread thread, Instant timestamp) {
        emit(SequencerTopology.THREADS, key, thread, timestamp);
    }

    /// The same record under both keys.
    ///
    /// @param member null is the tombstone of a member who left
    void member(MemberKey key, @Nullable Member member, Instant timestamp) {
        emit(SequencerTopology.MEMBERS, key, member, timestamp);
        emit(SequencerTopology.MEMBERSHIPS, membership(key), member, timestamp);
    }

    private static MembershipKey membership(MemberKey key) {
        UserKey user = new UserKey(key.conversation().tenant(), key.userId());
        return new MembershipKey(user, key.conversation().conversationId());
    }

    /// @param receipt null is the tombstone of a member who left
    void receipt(MemberKey key, @Nullable Receipt receipt, Instant timestamp) {
        emit(SequencerTopology.RECEIPTS, key, receipt, timestamp);
    }

    /// @param reference null is the tombstone of a message that is no longer in the list
    void reference(ReferenceKey key, @Nullable Reference reference, Instant timestamp) {
        emit(SequencerTopology.REFERENCES, key, reference, timestamp);
    }

    /// @param report null is the tombstone of a message that is in the other part of the queue now
    void report(ReportKey key, @Nullable ReportedMessage report, Instant timestamp) {
        emit(SequencerTopology.REPORTS, key, report, timestamp);
    }

    void moderation(ModerationEvent event) {
        emit(SequencerTopology.MODERATION, UserKey.moderation(event.getTenant()), event, event.getTimestamp());
    }

    /// A command for the processor of users.
    void userCommand(UserKey key, InboundCommand command, Instant timestamp) {
        emit(SequencerTopology.USER_COMMANDS, key, command, timestamp);
    }

    void fanout(ConversationKey key, FanoutEvent event) {
        forward(SequencerTopology.FANOUT, key, event, event.getEvent().getTimestamp(), accepted);
    }

    void delivery(Deliveries.Addressed to, Instant timestamp) {
        forward(SequencerTopology.DELIVERIES, to.shard(), to.delivery(), timestamp, accepted);
    }

    private void emit(String sink, LogKey key, @Nullable SpecificRecord value, Instant timestamp) {
        forward(sink, key, value, timestamp, NOTHING);
    }

    private void forward(String sink, LogKey key, @Nullable SpecificRecord value, Instant timestamp, Headers headers) {
        context.forward(new Record<>(key, value, timestamp.toEpochMilli(), headers), sink);
    }
}
