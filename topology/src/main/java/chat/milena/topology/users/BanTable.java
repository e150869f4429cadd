package chat.milena.topology.users;

import chat.milena.conversation.command.Answer.Detail.Banned;
import chat.milena.conversation.moderation.BanListRules;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.streams.graph.GlobalTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// All bans, at every sequencer: a global store, in memory, of the records of chat.bans.v1 byte for byte.
///
/// Streams reads the topic to its end before any thread handles its first record, and then follows it. So a ban holds
/// after every restart before the first command, and otherwise as soon as its record was read (ADR 17). A lookup is for
/// the stream thread; **bound:** [BanListRules#BANS_MAX] a tenant.
public final class BanTable {
    private static final String STORE = "bans-in-force";
    private static final Serializer<byte[]> PREFIX = new ByteArraySerializer();

    /// After every other source in the order of names: Streams numbers tasks by it.
    private static final String SOURCE = "users-banned";

    /// A list that was full counts as full for so long, since all conversations of the task wait for a count.
    private static final long FULL_MILLIS = 1_000;

    private static final int FULL_TENANTS_MAX = 1_000;

    private final ProcessorContext<?, ?> context;
    private final KeyValueStore<Bytes, byte[]> bans;
    private final TopicSpec<BanKey, Ban> topic;
    /// When the list of a tenant was full. Beyond [#FULL_TENANTS_MAX] all are forgotten, and counted again.
    private final Map<String, Long> fullAt = new HashMap<>();

    /// The table of a task.
    public BanTable(ProcessorContext<?, ?> context, TopicSpec<BanKey, Ban> topic) {
        this.context = context;
        this.bans = context.getStateStore(STORE);
        this.topic = topic;
    }

    /// Adds the store to a topology.
    static void addTo(Topology topology, TopicCatalogue topics) {
        GlobalTable.add(topology, STORE, SOURCE, topics.bans());
    }

    /// The ban of a user, in the tenant or in a conversation, that holds at a moment and ends last; null without one.
    public @Nullable Banned find(ConversationKey key, String userId, Instant now) {
        if (bans.approximateNumEntries() == 0) {
            return null;
        }
        Ban ofTenant = ban(BanKey.of(key.tenant(), userId, null), now);
        Ban here = ban(BanKey.of(key.tenant(), userId, key.conversationId()), now);
        if (ofTenant == null || here == null) {
            Ban only = ofTenant == null ? here : ofTenant;
            return only == null ? null : new Banned(only.getUntil());
        }
        Instant until = ofTenant.getUntil();
        Instant other = here.getUntil();
        return new Banned(until == null || other == null ? null : until.isAfter(other) ? until : other);
    }

    /// Whether the list of the tenant has room for a ban, or this one already. Counts up to
    /// [BanListRules#BANS_MAX] entries; a list that is full is counted once a second. It may have become full a
    /// moment ago: its own task decides.
    public boolean hasRoom(BanKey key) {
        if (bans.get(Bytes.wrap(key.toBytes())) != null || bans.approximateNumEntries() < BanListRules.BANS_MAX) {
            return true;
        }
        long now = context.currentSystemTimeMs();
        Long full = fullAt.get(key.tenant());
        if (full != null && Math.abs(now - full) < FULL_MILLIS) {
            return false;
        }
        fullAt.remove(key.tenant());
        if (!isFull(key.tenant())) {
            return true;
        }
        if (fullAt.size() >= FULL_TENANTS_MAX) {
            fullAt.clear();
        }
        fullAt.put(key.tenant(), now);
        return false;
    }

    private boolean isFull(String tenant) {
        int count = 0;
        try (KeyValueIterator<Bytes, byte[]> range = bans.prefixScan(BanKey.prefix(tenant), PREFIX)) {
            for (; range.hasNext() && count < BanListRules.BANS_MAX; range.next()) {
                count++;
            }
        }
        return count == BanListRules.BANS_MAX;
    }

    private @Nullable Ban ban(BanKey key, Instant now) {
        byte[] stored = bans.get(Bytes.wrap(key.toBytes()));
        if (stored == null) {
            return null;
        }
        Ban ban = topic.values().deserializer().deserialize(topic.name(), stored);
        return BanListRules.holds(ban, now) ? ban : null;
    }
}
