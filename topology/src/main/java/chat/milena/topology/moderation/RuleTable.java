package chat.milena.topology.moderation;

import chat.milena.conversation.judge.Ruleset;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.topic.TopicCatalogue;
import java.time.Instant;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// The rules of all tenants, at every instance: a global store, in memory, of the records of chat.tenants.v1 byte
/// for byte.
///
/// Streams reads the topic to its end before any thread handles its first record, and then follows it: new rules
/// hold as soon as their record was read (ADR 18). A lookup is for the stream thread; **bound:** what operators
/// put there, two versions of at most 1 MiB a tenant.
final class RuleTable {
    private static final String STORE = "rules-in-force";
    private static final String SOURCE = "tenants";
    private static final String PROJECTOR = "tenants-projector";

    private final KeyValueStore<Bytes, byte[]> tenants;
    private final RuleCache compiled;

    /// The table of a task.
    ///
    /// @param compiled shared by all tasks of the process
    RuleTable(ProcessorContext<?, ?> context, RuleCache compiled) {
        this.tenants = context.getStateStore(STORE);
        this.compiled = compiled;
    }

    /// Adds the store to a topology.
    static void addTo(Topology topology, TopicCatalogue topics) {
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                        .withLoggingDisabled(),
                SOURCE,
                new WallclockTimestampExtractor(),
                new BytesDeserializer(),
                new ByteArrayDeserializer(),
                topics.tenants().name(),
                PROJECTOR,
                Projector::new);
    }

    /// Whether no tenant has ever had rules.
    boolean isEmpty() {
        return tenants.approximateNumEntries() == 0;
    }

    /// The rules that judge a message of a tenant from this moment; null without any.
    @Nullable
    Ruleset find(String tenant, Instant moment) {
        byte[] stored = tenants.get(Bytes.wrap(new TenantKey(tenant).toBytes()));
        return stored == null ? null : compiled.find(tenant, stored, moment);
    }

    /// Keeps the records as they are.
    private static final class Projector extends ContextualProcessor<Bytes, byte[], Void, Void> {
        @Override
        public void process(Record<Bytes, byte[]> record) {
            KeyValueStore<Bytes, byte[]> store = context().getStateStore(STORE);
            store.put(record.key(), record.value());
        }
    }
}
