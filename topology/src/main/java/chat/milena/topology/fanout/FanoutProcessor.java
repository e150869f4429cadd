package chat.milena.topology.fanout;

import chat.milena.schemas.avro.FanoutAudience;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Faults;
import chat.milena.streams.deadletter.Reading.Decoded;
import chat.milena.streams.deadletter.Reading.Malformed;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.run.RecentlyUsed;
import chat.milena.topology.delivery.Audience;
import chat.milena.topology.delivery.Deliveries;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Expands one event at a time: finds the members of the group, lets [Roster] decide who gets it, and writes one
/// delivery for each shard. For the stream thread.
///
/// A record that cannot be read, or that the sequencer cannot have written, becomes a dead letter and changes
/// nothing. So does the event of a group whose members are unknown; the next change of its members repairs that.
final class FanoutProcessor implements Processor<byte[], byte[], LogKey, SpecificRecord> {
    private final RecordReader<ConversationKey, FanoutEvent> reader;
    private final Deliveries deliveries;
    private final int cachedMembersMax;
    private final Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters;
    private @Nullable Task task;

    private record Entry(List<String> userIds, Audience audience) {}

    /// Objects with the life of the task's state: a task that starts again gets new ones.
    private static final class Task {
        private final ProcessorContext<LogKey, SpecificRecord> context;
        private final DeadLetters deadLetters;
        private final KeyValueStore<ConversationKey, FanoutAudience> audiences;
        private final RecentlyUsed<ConversationKey, Entry> cache;

        Task(ProcessorContext<LogKey, SpecificRecord> context, DeadLetters deadLetters, int cachedMembersMax) {
            this.context = context;
            this.deadLetters = deadLetters;
            this.cache = new RecentlyUsed<>(entry -> entry.userIds().size(), cachedMembersMax);
            this.audiences = context.getStateStore(FanoutTopology.AUDIENCES);
        }
    }

    /// @param cachedMembersMax memberships that each task keeps in memory; each group counts as one more
    /// @param deadLetters makes the object that takes records that cannot be handled
    FanoutProcessor(
            RecordReader<ConversationKey, FanoutEvent> reader,
            Deliveries deliveries,
            int cachedMembersMax,
            Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters) {
        this.reader = reader;
        this.deadLetters = deadLetters;
        this.deliveries = deliveries;
        this.cachedMembersMax = cachedMembersMax;
    }

    @Override
    public void init(ProcessorContext<LogKey, SpecificRecord> context) {
        task = new Task(context, deadLetters.apply(context), cachedMembersMax);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (task == null) {
            throw new IllegalStateException("Not initialized");
        }
        switch (reader.read(record, task.context.taskId().partition())) {
            case Malformed<?, ?> malformed -> task.deadLetters.add(record, malformed.reason());
            case Decoded<ConversationKey, FanoutEvent> decoded -> handle(task, record, decoded.key(), decoded.value());
        }
    }

    private void handle(Task task, Record<byte[], byte[]> record, ConversationKey key, FanoutEvent fanout) {
        String broken = FanoutRules.broken(key, fanout);
        if (broken != null) {
            task.deadLetters.add(record, broken);
            return;
        }
        Entry known = load(task, key);
        Roster roster;
        try {
            roster = Roster.of(known == null ? null : known.userIds(), fanout);
            broken = FanoutRules.broken(roster);
        } catch (RuntimeException e) {
            task.deadLetters.add(record, "rules: " + Faults.describe(e));
            return;
        }
        if (roster == null || broken != null) {
            task.deadLetters.add(record, String.valueOf(broken));
            // It has its number nevertheless, and its sender must be answered.
            forward(task, fanout, Audience.EMPTY);
            return;
        }
        expand(task, key, fanout, known, roster);
    }

    private void expand(Task task, ConversationKey key, FanoutEvent fanout, @Nullable Entry known, Roster roster) {
        Entry before = known == null ? entry(key, roster.before()) : known;
        Entry after = before;
        if (known == null || !roster.after().equals(known.userIds())) {
            after = entry(key, roster.after());
            task.audiences.put(key, new FanoutAudience(roster.after()));
            task.cache.put(key, after);
        }
        forward(task, fanout, roster.goodbye() ? before.audience() : after.audience());
    }

    private void forward(Task task, FanoutEvent fanout, Audience audience) {
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
                .forEach(to -> task.context.forward(
                        new Record<>(
                                to.shard(), to.delivery(), event.getTimestamp().toEpochMilli()),
                        FanoutTopology.DELIVERIES));
    }

    private @Nullable Entry load(Task task, ConversationKey key) {
        Entry cached = task.cache.get(key);
        if (cached != null) {
            return cached;
        }
        FanoutAudience stored = task.audiences.get(key);
        if (stored == null) {
            return null;
        }
        Entry entry = entry(key, stored.getUserIds());
        task.cache.put(key, entry);
        return entry;
    }

    private Entry entry(ConversationKey key, List<String> userIds) {
        return new Entry(userIds, Audience.of(key.tenant(), userIds, deliveries.shards()));
    }
}
