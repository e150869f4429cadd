package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.key.MessageKey;
import chat.milena.topology.conversation.FirstSend;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/// Which messageId stands for which number: dedup for as long as messages are kept, and who owns what.
///
/// A window store drops what is past the retention in whole segments, so nothing ever scans for it. A look-up asks
/// each live segment, three at most. For the stream thread alone.
final class MessageIndex {
    private final WindowStore<MessageKey, IndexedMessage> store;

    MessageIndex(ProcessorContext<?, ?> context) {
        this.store = context.getStateStore(SequencerStores.MESSAGE_INDEX);
    }

    @Nullable
    FirstSend find(MessageKey key) {
        try (WindowStoreIterator<IndexedMessage> found = store.fetch(key, 0L, Long.MAX_VALUE)) {
            return found.hasNext() ? firstSend(found.next().value) : null;
        }
    }

    void add(MessageKey key, FirstSend first) {
        store.put(
                key,
                new IndexedMessage(first.senderId(), first.sequenceNumber(), first.timestamp()),
                first.timestamp().toEpochMilli());
    }

    private static FirstSend firstSend(IndexedMessage message) {
        return new FirstSend(message.getSenderId(), message.getSequenceNumber(), message.getTimestamp());
    }
}
