package chat.milena.topology.delivery;

import chat.milena.schemas.avro.FanoutAudience;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.wire.AcceptedAt;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Faults;
import chat.milena.streams.deadletter.Reading.Decoded;
import chat.milena.streams.deadletter.Reading.Malformed;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.graph.TaskProcessor;
import chat.milena.streams.run.RecentlyUsed;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Expands one event at a time: finds the members of the group, lets [Roster] decide who gets it, and writes one
/// delivery for each shard. For the stream thread.
///
/// A record that cannot be read, or that the sequencer cannot have written, becomes a dead letter and changes
/// nothing. So does the event of a group whose members are unknown; the next change of its members repairs that.
final class FanoutProcessor implements TaskProcessor.Work<byte[], byte[]> {
    private final ProcessorContext<LogKey, SpecificRecord> context;
    private final RecordReader<ConversationKey, FanoutEvent> reader;
    private final Deliveries deliveries;
    private final DeadLetters deadLetters;
    private final KeyValueStore<ConversationKey, FanoutAudience> audiences;
    private final RecentlyUsed<ConversationKey, Entry> cache;

    private record Entry(List<String> userIds, Audience audience) {}

    /// @param cachedMembersMax memberships that each task keeps in memory; each group counts as one more
    /// @param deadLetters takes records that cannot be handled
    FanoutProcessor(
            ProcessorContext<LogKey, SpecificRecord> context,
            RecordReader<ConversationKey, FanoutEvent> reader,
            Deliveries deliveries,
            int cachedMembersMax,
            DeadLetters deadLetters) {
        this.context = context;
        this.reader = reader;
        this.deliveries = deliveries;
        this.deadLetters = deadLetters;
        this.audiences = context.getStateStore(FanoutTopology.AUDIENCES);
        this.cache = new RecentlyUsed<>(entry -> entry.userIds().size(), cachedMembersMax);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (reader.read(record, context.taskId().partition())) {
            case Malformed<?, ?> malformed -> deadLetters.add(record, malformed.reason());
            case Decoded<ConversationKey, FanoutEvent> decoded -> handle(record, decoded.key(), decoded.value());
        }
    }

    private void handle(Record<byte[], byte[]> record, ConversationKey key, FanoutEvent fanout) {
        String broken = FanoutRules.broken(key, fanout);
        if (broken != null) {
            deadLetters.add(record, broken);
            return;
        }
        Entry known = load(key);
        Roster roster;
        try {
            roster = Roster.of(known == null ? null : known.userIds(), fanout);
            broken = FanoutRules.broken(roster);
        } catch (RuntimeException e) {
            deadLetters.add(record, "rules: " + Faults.describe(e));
            return;
        }
        if (roster == null || broken != null) {
            deadLetters.add(record, String.valueOf(broken));
            // It has its number nevertheless, and its sender must be answered.
            forward(record, fanout, Audience.EMPTY);
            return;
        }
        expand(record, key, fanout, known, roster);
    }

    private void expand(
            Record<byte[], byte[]> record,
            ConversationKey key,
            FanoutEvent fanout,
            @Nullable Entry known,
            Roster roster) {
        Entry before = known == null ? entry(key, roster.before()) : known;
        Entry after = before;
        if (known == null || !roster.after().equals(known.userIds())) {
            after = entry(key, roster.after());
            audiences.put(key, new FanoutAudience(roster.after()));
            cache.put(key, after);
        }
        forward(record, fanout, roster.goodbye() ? before.audience() : after.audience());
    }

    private void forward(Record<byte[], byte[]> record, FanoutEvent fanout, Audience audience) {
        Headers headers = AcceptedAt.passedOn(record.headers());
        TimelineEvent event = fanout.getEvent();
        UserKey actor = new UserKey(event.getTenant(), event.getActorId());
        deliveries
                .ofEvent(
                        actor,
                        audience,
                        event,
                        fanout.getOutcome(),
                        fanout.getConversation(),
                        new Deliveries.Beside(fanout.getContent(), fanout.getReaction()))
                .forEach(to -> context.forward(
                        new Record<>(
                                to.shard(), to.delivery(), event.getTimestamp().toEpochMilli(), headers),
                        FanoutTopology.DELIVERIES));
    }

    private @Nullable Entry load(ConversationKey key) {
        Entry cached = cache.get(key);
        if (cached != null) {
            return cached;
        }
        FanoutAudience stored = audiences.get(key);
        if (stored == null) {
            return null;
        }
        Entry entry = entry(key, stored.getUserIds());
        cache.put(key, entry);
        return entry;
    }

    private Entry entry(ConversationKey key, List<String> userIds) {
        return new Entry(userIds, Audience.of(key.tenant(), userIds, deliveries.shards()));
    }
}
