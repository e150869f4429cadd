package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.Block;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/// Blocks between people who have no direct conversation, so that none begins. Where there is one, the membership says
/// it. For the stream thread alone.
final class BlockMarks {
    private final KeyValueStore<MemberKey, Block> blocks;

    BlockMarks(ProcessorContext<?, ?> context) {
        this.blocks = context.getStateStore(SequencerStores.BLOCKS);
    }

    boolean has(ConversationKey key, String userId) {
        return blocks.get(new MemberKey(key, userId)) != null;
    }

    void add(ConversationKey key, String userId, String blockedId, Instant at) {
        blocks.put(new MemberKey(key, userId), new Block(key.tenant(), userId, blockedId, at));
    }

    void delete(ConversationKey key, String userId) {
        blocks.delete(new MemberKey(key, userId));
    }
}
