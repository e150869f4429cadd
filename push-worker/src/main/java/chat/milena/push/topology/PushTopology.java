package chat.milena.push.topology;

import chat.milena.push.pending.CandidateRules;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.PushCandidate;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.avro.PushTargets;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.KeySerde;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.AvroSerde;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.streams.deadletter.DeadLetterListener;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.graph.TaskProcessor;
import chat.milena.streams.graph.TopicSink;
import chat.milena.streams.run.CheckedStores;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.StoreDamage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The push application as a graph.
///
/// ```text
///   chat.deliveries.v1    ──┐
///   chat.devices.v1       ──┼─▶ push (targets, candidates, wakes) ──▶ chat.push.v1
///   chat.push-results.v1  ──┘                                     ──▶ chat.dead-letters.v1
/// ```
public final class PushTopology {
    /// The sources. Streams numbers tasks by the order of names.
    static final String RECENT = "push-deliveries";

    static final String DEVICES = "push-devices";
    static final String RESULTS = "push-results";
    static final String PROCESSOR = "push";
    static final String INTENTS = "push-intents";

    /// User → the registered devices.
    static final String TARGETS = "push-targets";

    /// (User, conversation) → what their devices may still be notified of.
    static final String CANDIDATES = "push-candidates";

    /// (Moment, user, conversation): when a candidate must be looked at.
    static final String WAKES = "push-wakes";

    private PushTopology() {}

    /// What is notified of what happens.
    public record Listeners(DeadLetterListener deadLetters, PushListener push) {}

    /// Builds the graph over the topics of the catalogue.
    ///
    /// @param commits when its transactions are committed
    /// @param damage of its stores
    /// @throws IllegalArgumentException if the topics by user differ in their number of partitions
    public static Topology build(
            TopicCatalogue topics,
            SchemaIds ids,
            CandidateRules rules,
            CommitPacing commits,
            Listeners listeners,
            StoreDamage damage) {
        checkPartitions(topics);
        Readers readers = new Readers(
                new RecordReader<>(topics.deliveries(), topics.deliveries().batchBytesMax()),
                new RecordReader<>(topics.devices(), topics.devices().batchBytesMax()),
                new RecordReader<>(topics.pushResults(), topics.pushResults().batchBytesMax()));
        Topology topology = new Topology();
        readers.deliveries().addSource(topology, RECENT);
        readers.devices().addSource(topology, DEVICES);
        readers.results().addSource(topology, RESULTS);
        topology.addProcessor(
                PROCESSOR,
                commits.of(TaskProcessor.supplier(
                        stores(ids, damage),
                        (ProcessorContext<LogKey, SpecificRecord> context) -> new PushProcessor(
                                context,
                                readers,
                                rules,
                                listeners.push(),
                                new DeadLetters(context, topics.deadLetters(), listeners.deadLetters())))),
                RECENT,
                DEVICES,
                RESULTS);
        TopicSink.add(topology, INTENTS, topics.push(), PROCESSOR);
        DeadLetters.addSink(topology, topics.deadLetters(), PROCESSOR);
        return topology;
    }

    private static void checkPartitions(TopicCatalogue topics) {
        int shards = topics.deliveries().partitions();
        if (topics.devices().partitions() != shards
                || topics.push().partitions() != shards
                || topics.pushResults().partitions() != shards) {
            throw new IllegalArgumentException(
                    topics.devices().name() + ", " + topics.push().name() + " and "
                            + topics.pushResults().name() + " must have as many partitions as "
                            + topics.deliveries().name() + ": " + shards);
        }
    }

    /// Readers of the three sources.
    record Readers(
            RecordReader<ShardKey, Delivery> deliveries,
            RecordReader<DeviceKey, Device> devices,
            RecordReader<DeviceKey, PushResult> results) {}

    private static Set<StoreBuilder<?>> stores(SchemaIds ids, StoreDamage damage) {
        return new LinkedHashSet<>(List.of(
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(TARGETS, damage),
                        new KeySerde<>(UserKey::fromBytes),
                        new AvroSerde<>(PushTargets.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(CANDIDATES, damage),
                        new KeySerde<>(MembershipKey::fromBytes),
                        new AvroSerde<>(PushCandidate.class, ids, true)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(WAKES, damage), Serdes.Bytes(), Serdes.ByteArray())));
    }
}
