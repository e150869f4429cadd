package chat.milena.topology.sequencer;

import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.conversation.state.FirstSend;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.key.MessageKey;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/// Which messageId stands for which number: dedup for as long as messages are kept, and who owns what.
///
/// A window store drops what is past the retention in whole segments, so nothing ever scans for it. A look-up asks
/// each live segment, three at most. For the stream thread alone.
///
/// The store's time is that of the newest entry and never goes back, and what is further behind than the retention it
/// would drop at once. So an entry is filed under its own time or, where that is behind, under the newest one: after a
/// clock that ran ahead was corrected, every new message is still remembered, and longer than it need be. What was
/// there before the clock ran ahead is forgotten as much too early.
final class MessageIndex {
    private final WindowStore<MessageKey, IndexedMessage> store;
    private long newestMillis;

    MessageIndex(ProcessorContext<?, ?> context) {
        this.store = context.getStateStore(SequencerStores.MESSAGE_INDEX);
        this.newestMillis = newestMillis(store);
    }

    /// The time of an entry of the newest segment, which is live for as long as that segment is the newest.
    private static long newestMillis(WindowStore<MessageKey, IndexedMessage> store) {
        try (KeyValueIterator<Windowed<MessageKey>, IndexedMessage> newest = store.backwardAll()) {
            return newest.hasNext() ? newest.next().key.window().start() : 0;
        }
    }

    @Nullable
    FirstSend find(MessageKey key) {
        KeyValue<Long, IndexedMessage> entry = entry(key);
        return entry == null ? null : StateRecords.firstSend(entry.value);
    }

    void add(MessageKey key, IndexedMessage message) {
        newestMillis = Math.max(newestMillis, message.getTimestamp().toEpochMilli());
        store.put(key, message, newestMillis);
    }

    /// Puts a message's entry as it is from now on in the place of its entry.
    IndexedMessage replace(MessageKey key, FirstSend next) {
        KeyValue<Long, IndexedMessage> entry = entry(key);
        if (entry == null) {
            throw new BrokenInvariantException("Changed but not indexed: message " + key);
        }
        IndexedMessage replaced = StateRecords.indexed(entry.value, next);
        store.put(key, replaced, entry.key);
        return replaced;
    }

    private @Nullable KeyValue<Long, IndexedMessage> entry(MessageKey key) {
        try (WindowStoreIterator<IndexedMessage> found = store.fetch(key, 0L, Long.MAX_VALUE)) {
            return found.hasNext() ? found.next() : null;
        }
    }
}
