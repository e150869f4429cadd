package chat.milena.topology.sequencer;

import chat.milena.conversation.moderation.QueueRules;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.streams.run.ExpiringEntries;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Messages that were reported, flagged or decided on, for as long as messages are kept. For the stream thread.
///
/// Open ones are also in a store of their own, oldest first within a tenant. Only that one holds copies of what was
/// written, so that a copy is gone as soon as its message is decided.
final class ReportStore {
    private final ExpiringEntries<MessageKey, ReportedMessage> known;
    private final KeyValueStore<ReportKey, ReportedMessage> open;

    ReportStore(ProcessorContext<?, ?> context) {
        this.known = new ExpiringEntries<>(context.getStateStore(SequencerStores.REPORTS));
        this.open = context.getStateStore(SequencerStores.OPEN_REPORTS);
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

    /// The open ones behind a place; for all tenants, each oldest first.
    ///
    /// @param from null for the first ones
    /// @param limit maximum number
    List<ReportedMessage> open(@Nullable ReportKey from, int limit) {
        List<ReportedMessage> found = new ArrayList<>();
        try (KeyValueIterator<ReportKey, ReportedMessage> range = open.range(from, null)) {
            while (range.hasNext() && found.size() < limit) {
                KeyValue<ReportKey, ReportedMessage> next = range.next();
                if (!next.key.equals(from)) {
                    found.add(next.value);
                }
            }
        }
        return found;
    }

    /// Its message has expired: the other store forgets it by itself.
    void forget(ReportKey place) {
        open.delete(place);
    }

    void put(MessageKey key, ReportedMessage next) {
        ReportKey place = place(next);
        if (next.getOpen()) {
            open.put(place, next);
        } else {
            open.delete(new ReportKey(
                    place.tenant(), false, place.openedMillis(), place.conversationId(), place.messageId()));
        }
        ReportedMessage without = QueueRules.copy(next);
        without.setCopy(null);
        known.put(key, without, next.getOpenedAt().toEpochMilli());
    }
}
