package chat.milena.topology.sequencer;

import chat.milena.conversation.moderation.QueueRules;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.TenantKey;
import chat.milena.streams.run.CheckedStores;
import chat.milena.streams.run.ExpiringEntries;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Messages that were reported, flagged or decided on, for as long as messages are kept. For the stream thread.
///
/// Open ones are also in a store of their own, oldest first within a tenant. Only that one holds what was written:
/// copies of what was reported, and what waits before others are shown it. So it is gone as soon as its message is
/// decided.
final class ReportStore {
    private final ExpiringEntries<MessageKey, ReportedMessage> known;
    private final KeyValueStore<ReportKey, ReportedMessage> open;
    private final KeyValueStore<TenantKey, Long> counts;
    private final KeyValueStore<ConversationKey, Long> heldCounts;

    ReportStore(ProcessorContext<?, ?> context) {
        this.known = new ExpiringEntries<>(context.getStateStore(SequencerStores.REPORTS));
        this.open = context.getStateStore(SequencerStores.OPEN_REPORTS);
        this.counts = context.getStateStore(SequencerStores.OPEN_COUNTS);
        this.heldCounts = context.getStateStore(SequencerStores.HELD_COUNTS);
    }

    /// The place of a message in the queue of the moderators.
    static ReportKey place(ReportedMessage message) {
        return new ReportKey(
                message.getTenant(),
                !message.getOpen(),
                message.getOpenedAt().toEpochMilli(),
                message.getConversationId(),
                message.getMessageId());
    }

    @Nullable
    ReportedMessage find(MessageKey key) {
        ReportedMessage found = known.find(key);
        if (found == null || !found.getOpen()) {
            return found;
        }
        ReportedMessage withCopy = open.get(place(found));
        return withCopy == null ? found : withCopy;
    }

    /// Visits the open ones behind a place, one at a time in memory; for all tenants, each oldest first. The
    /// visitor may change them.
    ///
    /// @param from null for the first ones
    /// @param limit maximum number
    /// @return the last one visited; null if there are no more
    @Nullable
    ReportKey eachOpen(@Nullable ReportKey from, int limit, Consumer<ReportedMessage> visitor) {
        ReportKey last = from;
        try (KeyValueIterator<ReportKey, ReportedMessage> range = open.range(from, null)) {
            for (int visited = 0; range.hasNext() && visited < limit; ) {
                KeyValue<ReportKey, ReportedMessage> next = range.next();
                if (!next.key.equals(from)) {
                    visited++;
                    visitor.accept(next.value);
                }
                last = next.key;
            }
            return range.hasNext() ? last : null;
        }
    }

    /// How many of a tenant are open, without those that wait before others are shown them.
    long open(String tenant) {
        return count(counts, new TenantKey(tenant));
    }

    /// How many of a conversation wait before others are shown them.
    long held(ConversationKey conversation) {
        return count(heldCounts, conversation);
    }

    private static <K> long count(KeyValueStore<K, Long> counts, K key) {
        Long count = counts.get(key);
        return count == null ? 0 : count;
    }

    private void add(ReportedMessage row, int more) {
        if (row.getHeld()) {
            add(heldCounts, new ConversationKey(row.getTenant(), row.getConversationId()), more);
        } else {
            add(counts, new TenantKey(row.getTenant()), more);
        }
    }

    private static <K> void add(KeyValueStore<K, Long> counts, K key, int more) {
        // A row that is closed may come from a release that did not count it.
        long count = Math.max(0, count(counts, key) + more);
        counts.put(key, count == 0 ? null : count);
    }

    /// Its message has expired: the other store forgets it by itself.
    void forget(ReportKey place) {
        ReportedMessage row = open.delete(place);
        if (row != null) {
            add(row, -1);
        }
    }

    /// Removes the copies of decided ones from the disk, in the background.
    ///
    /// @param age of the files that are rewritten
    void rewrite(Duration age) {
        CheckedStores.rewrite(open, age);
    }

    /// Nothing is known of it any longer.
    void delete(MessageKey key, ReportedMessage before) {
        forget(place(before));
        known.delete(key);
    }

    /// @param before as it was; null if it was not known
    void put(MessageKey key, @Nullable ReportedMessage before, ReportedMessage next) {
        ReportKey place = place(next);
        if (next.getOpen()) {
            open.put(place, next);
            if (before == null || !before.getOpen()) {
                add(next, 1);
            } else if (before.getHeld() != next.getHeld()) {
                add(before, -1);
                add(next, 1);
            }
        } else {
            forget(new ReportKey(
                    place.tenant(), false, place.openedMillis(), place.conversationId(), place.messageId()));
        }
        ReportedMessage without = QueueRules.copy(next);
        without.setCopy(null);
        without.setLatestCopy(null);
        without.setHeldContent(null);
        known.put(key, without, next.getOpenedAt().toEpochMilli());
    }
}
