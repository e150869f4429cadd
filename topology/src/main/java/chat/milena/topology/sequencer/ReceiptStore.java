package chat.milena.topology.sequencer;

import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The watermarks of each member of each conversation, and one entry a conversation for all who left. For the
/// stream thread.
final class ReceiptStore {
    /// In place of a user id, for all who left.
    private static final String NOBODY = "";

    private final KeyValueStore<MemberKey, Receipt> receipts;

    ReceiptStore(ProcessorContext<?, ?> context) {
        this.receipts = context.getStateStore(SequencerStores.RECEIPTS);
    }

    /// The key of the entry for all who left.
    static MemberKey former(ConversationKey key) {
        return new MemberKey(key, NOBODY);
    }

    Watermarks watermarks(ConversationKey key, String userId) {
        Receipt stored = receipts.get(new MemberKey(key, userId));
        return stored == null ? Watermarks.NONE : StateRecords.watermarks(stored);
    }

    @Nullable
    FormerWatermarks formerWatermarks(ConversationKey key) {
        Receipt stored = receipts.get(former(key));
        return stored == null ? null : StateRecords.formerWatermarks(stored);
    }

    void put(MemberKey key, Receipt receipt) {
        receipts.put(key, receipt);
    }

    void delete(MemberKey key) {
        receipts.delete(key);
    }
}
