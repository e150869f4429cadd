package chat.milena.topology.fanout;

import chat.milena.schemas.avro.FanoutAudience;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.topology.delivery.Audience;
import chat.milena.topology.delivery.Deliveries;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Expands one event at a time: looks up who is in the group, lets [Roster] say who is told, and writes one delivery
/// for
/// each shard. For the stream thread alone.
final class FanoutProcessor implements Processor<ConversationKey, FanoutEvent, LogKey, SpecificRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(FanoutProcessor.class);

    private final Deliveries deliveries;
    private final int cachedMembersMax;
    private @Nullable Task task;

    private record Entry(List<String> userIds, Audience audience) {}

    /// What lives as long as the task's state does: a task that starts over gets a new one.
    private static final class Task {
        private final ProcessorContext<LogKey, SpecificRecord> context;
        private final KeyValueStore<ConversationKey, FanoutAudience> audiences;
        private final LinkedHashMap<ConversationKey, Entry> cache = new LinkedHashMap<>(64, 0.75f, true);
        private int cachedMembers;

        Task(ProcessorContext<LogKey, SpecificRecord> context) {
            this.context = context;
            this.audiences = context.getStateStore(FanoutTopology.AUDIENCES);
        }
    }

    /// @param cachedMembersMax memberships that each task keeps in memory
    FanoutProcessor(Deliveries deliveries, int cachedMembersMax) {
        this.deliveries = deliveries;
        this.cachedMembersMax = cachedMembersMax;
    }

    @Override
    public void init(ProcessorContext<LogKey, SpecificRecord> context) {
        task = new Task(context);
    }

    @Override
    public void process(Record<ConversationKey, FanoutEvent> record) {
        if (task == null) {
            throw new IllegalStateException("Not initialized");
        }
        if (record.value() == null) {
            LOG.warn("Passed over a fanout record without an event");
            return;
        }
        expand(task, record.key(), record.value());
    }

    private void expand(Task task, ConversationKey key, FanoutEvent fanout) {
        Entry before = load(task, key);
        Roster roster = Roster.of(before.userIds(), fanout);
        Entry after = before;
        if (!roster.after().equals(before.userIds())) {
            after = entry(key, roster.after());
            task.audiences.put(key, new FanoutAudience(roster.after()));
            remember(task, key, after);
        }
        Audience audience = roster.goodbye() ? before.audience() : after.audience();
        TimelineEvent event = fanout.getEvent();
        UserKey actor = new UserKey(event.getTenant(), event.getActorId());
        deliveries
                .ofEvent(actor, audience, event, fanout.getOutcome(), fanout.getConversation())
                .forEach(to -> task.context.forward(new Record<>(
                        to.shard(), to.delivery(), event.getTimestamp().toEpochMilli())));
    }

    private Entry load(Task task, ConversationKey key) {
        Entry cached = task.cache.get(key);
        if (cached != null) {
            return cached;
        }
        FanoutAudience stored = task.audiences.get(key);
        Entry entry = entry(key, stored == null ? List.of() : stored.getUserIds());
        remember(task, key, entry);
        return entry;
    }

    private Entry entry(ConversationKey key, List<String> userIds) {
        return new Entry(userIds, Audience.of(key.tenant(), userIds, deliveries.shards()));
    }

    /// Beyond the bound, what was not used for longest is dropped, and read again when needed.
    private void remember(Task task, ConversationKey key, Entry entry) {
        Entry before = task.cache.put(key, entry);
        task.cachedMembers +=
                entry.userIds().size() - (before == null ? 0 : before.userIds().size());
        while (task.cachedMembers > cachedMembersMax && task.cache.size() > 1) {
            task.cachedMembers -=
                    task.cache.pollFirstEntry().getValue().userIds().size();
        }
    }
}
