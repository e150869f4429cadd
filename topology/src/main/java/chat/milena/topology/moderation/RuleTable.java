package chat.milena.topology.moderation;

import chat.milena.conversation.judge.Ruleset;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.graph.GlobalTable;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
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
        GlobalTable.add(topology, STORE, SOURCE, topics.tenants());
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
}
