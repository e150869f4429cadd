package chat.milena.syncapi.view;

import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Removes what is no longer shown from one task's history, its lists of messages or its queue of moderators, in
/// bounded parts: the retention of a topic does not reach into the store that shows it. For the stream thread.
///
/// It walks through the whole store once in each interval. The newest event of a conversation stays, shown or not:
/// it says how far the conversation has come. What was added to a message goes with it. What is removed and read
/// again from the topic, after the store was lost, is removed once more.
final class HistoryExpiry {
    /// The interval between parts during a walk.
    static final Duration PIECE_EVERY = Duration.ofMillis(200);

    private static final int PIECE_ENTRIES_MAX = 1_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final BiPredicate<byte[], Instant> isOver;
    private final Consumer<Bytes> deletion;
    private final boolean newestStays;
    private final Duration interval;
    private final Clock clock;
    private final Ticker ticker;
    private @Nullable Bytes next;
    private @Nullable Bytes newestSoFar;
    private boolean newestIsOver;
    private long walkedNanos;

    /// @param isOver whether a value is no longer shown; may fail as a deserializer does
    /// @param deletion deletes an entry, and what goes with it
    /// @param newestStays whether the newest entry of a conversation stays
    /// @param interval from the end of a walk to the start of the next
    private HistoryExpiry(
            KeyValueStore<Bytes, byte[]> store,
            BiPredicate<byte[], Instant> isOver,
            Consumer<Bytes> deletion,
            boolean newestStays,
            Duration interval,
            Clock clock,
            Ticker ticker) {
        this.store = store;
        this.isOver = isOver;
        this.deletion = deletion;
        this.newestStays = newestStays;
        this.interval = interval;
        this.clock = clock;
        this.ticker = ticker;
        this.walkedNanos = ticker.nanos();
    }

    /// Of the history, and of what was added to its messages.
    static HistoryExpiry ofHistory(
            KeyValueStore<Bytes, byte[]> store,
            KeyValueStore<Bytes, byte[]> annotations,
            TopicCatalogue topics,
            ViewsConfig config,
            Clock clock,
            Ticker ticker) {
        Deserializer<TimelineEvent> events = topics.messages().values().deserializer();
        Retention retention = config.retention();
        return new HistoryExpiry(
                store,
                (value, now) -> retention.isOver(events.deserialize("", value), now),
                event -> {
                    deleteAdded(annotations, event);
                    store.delete(event);
                },
                true,
                config.expiryInterval(),
                clock,
                ticker);
    }

    /// For the lists of messages.
    static HistoryExpiry ofReferences(
            KeyValueStore<Bytes, byte[]> store, TopicCatalogue topics, ViewsConfig config, Clock clock, Ticker ticker) {
        return ofList(store, topics.references(), config.retention()::isOver, config.expiryInterval(), clock, ticker);
    }

    /// For the queue of moderators.
    static HistoryExpiry ofReports(
            KeyValueStore<Bytes, byte[]> store, TopicCatalogue topics, ViewsConfig config, Clock clock, Ticker ticker) {
        return ofList(store, topics.reports(), config.retention()::isOver, config.expiryInterval(), clock, ticker);
    }

    /// Nothing goes with an entry, and none stays.
    private static <V extends SpecificRecord> HistoryExpiry ofList(
            KeyValueStore<Bytes, byte[]> store,
            TopicSpec<?, V> topic,
            BiPredicate<V, Instant> isOver,
            Duration interval,
            Clock clock,
            Ticker ticker) {
        Deserializer<V> values = topic.values().deserializer();
        return new HistoryExpiry(
                store,
                (value, now) -> isOver.test(values.deserialize("", value), now),
                store::delete,
                false,
                interval,
                clock,
                ticker);
    }

    /// Walks the next part, if it is due.
    void walk() {
        if (next == null && !ticker.isOver(walkedNanos, interval)) {
            return;
        }
        Instant now = clock.instant();
        List<Bytes> over = new ArrayList<>();
        Bytes from = next;
        next = null;
        try (KeyValueIterator<Bytes, byte[]> entries = from == null ? store.all() : store.range(from, null)) {
            int walked = 0;
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                if (walked++ == PIECE_ENTRIES_MAX) {
                    next = entry.key;
                    break;
                }
                if (!newestStays) {
                    if (isOver(entry.value, now)) {
                        over.add(entry.key);
                    }
                    continue;
                }
                // An event is removed once a newer one of its conversation has been seen.
                if (newestSoFar != null && newestIsOver && isOneConversation(newestSoFar, entry.key)) {
                    over.add(newestSoFar);
                }
                newestSoFar = entry.key;
                newestIsOver = isOver(entry.value, now);
            }
        }
        over.forEach(deletion);
        if (next == null) {
            newestSoFar = null;
            walkedNanos = ticker.nanos();
        }
    }

    /// Keys of what was added begin with the key of the message's event and a separator.
    private static void deleteAdded(KeyValueStore<Bytes, byte[]> annotations, Bytes event) {
        byte[] first = Arrays.copyOf(event.get(), event.get().length + 1);
        byte[] end = first.clone();
        end[end.length - 1]++;
        List<Bytes> added = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = annotations.range(Bytes.wrap(first), Bytes.wrap(end))) {
            entries.forEachRemaining(entry -> added.add(entry.key));
        }
        added.forEach(annotations::delete);
    }

    /// A value that cannot be read is not shown, but that is no reason to remove it: a newer version may have
    /// written it.
    private boolean isOver(byte[] value, Instant now) {
        try {
            return isOver.test(value, now);
        } catch (SerializationException e) {
            return false;
        }
    }

    private static boolean isOneConversation(Bytes a, Bytes b) {
        int prefix = a.get().length - Long.BYTES;
        return a.get().length == b.get().length && prefix >= 0 && Arrays.equals(a.get(), 0, prefix, b.get(), 0, prefix);
    }
}
