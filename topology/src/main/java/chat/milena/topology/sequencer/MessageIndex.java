package chat.milena.topology.sequencer;

import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.conversation.state.FirstSend;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.streams.run.ExpiringEntries;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/// Which messageId stands for which number: dedup for as long as messages are kept ([ExpiringEntries]), and who
/// owns what. For the stream thread alone.
final class MessageIndex {
    private final ExpiringEntries<MessageKey, IndexedMessage> entries;

    MessageIndex(ProcessorContext<?, ?> context) {
        this.entries = new ExpiringEntries<>(context.getStateStore(SequencerStores.MESSAGE_INDEX));
    }

    @Nullable
    FirstSend find(MessageKey key) {
        IndexedMessage entry = entries.find(key);
        return entry == null ? null : StateRecords.firstSend(entry);
    }

    /// The sender of a message by its number, if [#addSender(ConversationKey, FirstSend)] noted it.
    @Nullable
    String sender(ConversationKey conversation, long sequenceNumber) {
        IndexedMessage entry = entries.find(numbered(conversation, sequenceNumber));
        return entry == null ? null : entry.getSenderId();
    }

    void addSender(ConversationKey conversation, FirstSend message) {
        add(numbered(conversation, message.sequenceNumber()), StateRecords.sender(message));
    }

    /// Never the key of a message: no messageId has this sign.
    private static MessageKey numbered(ConversationKey conversation, long sequenceNumber) {
        return new MessageKey(conversation, "#" + sequenceNumber);
    }

    void add(MessageKey key, IndexedMessage message) {
        entries.add(key, message, message.getTimestamp().toEpochMilli());
    }

    /// Replaces a message's entry.
    IndexedMessage replace(MessageKey key, FirstSend next) {
        IndexedMessage entry = entries.find(key);
        if (entry == null) {
            throw new BrokenInvariantException("Changed but not indexed: message " + key);
        }
        IndexedMessage replaced = StateRecords.indexed(entry, next);
        entries.put(key, replaced, replaced.getTimestamp().toEpochMilli());
        return replaced;
    }
}
