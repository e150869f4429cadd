package chat.milena.topology.delivery;

import chat.milena.schemas.avro.FanoutAudience;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.KeySerde;
import chat.milena.schemas.key.LogKey;
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
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The fanout application as a graph: events of large groups in, deliveries out.
///
/// ```text
///   chat.fanout.v1 ──▶ fanout (audiences) ──▶ chat.deliveries.v1
///                                          ──▶ chat.dead-letters.v1, for records that cannot be handled
/// ```
public final class FanoutTopology {
    static final String FANOUT_EVENTS = "fanout-events";
    static final String FANOUT = "fanout";
    static final String DELIVERIES = "deliveries";
    /// Conversation → its members.
    static final String AUDIENCES = "audiences";

    /// Maximum size of an event. With the ids of all members added, a delivery of it still fits into its own
    /// topic.
    private static final int EVENT_BYTES_MAX = 1 << 20;

    private FanoutTopology() {}

    /// Builds the graph over the topics of the catalogue.
    ///
    /// @param cachedMembersMax memberships that each task keeps in memory
    /// @param commits when its transactions are committed
    /// @param listener notified of each dead letter
    /// @param damage of its store
    public static Topology build(
            TopicCatalogue topics,
            SchemaIds ids,
            int cachedMembersMax,
            CommitPacing commits,
            DeadLetterListener listener,
            StoreDamage damage) {
        RecordReader<ConversationKey, FanoutEvent> reader = new RecordReader<>(topics.fanout(), EVENT_BYTES_MAX);
        Topology topology = new Topology();
        reader.addSource(topology, FANOUT_EVENTS);
        StoreBuilder<?> audiences = Stores.keyValueStoreBuilder(
                CheckedStores.keyValue(AUDIENCES, damage),
                new KeySerde<>(ConversationKey::fromBytes),
                new AvroSerde<>(FanoutAudience.class, ids));
        topology.addProcessor(
                FANOUT,
                commits.of(TaskProcessor.supplier(
                        Set.of(audiences),
                        (ProcessorContext<LogKey, SpecificRecord> context) -> new FanoutProcessor(
                                context,
                                reader,
                                new Deliveries(topics.deliveries().partitions()),
                                cachedMembersMax,
                                new DeadLetters(context, topics.deadLetters(), listener)))),
                FANOUT_EVENTS);
        TopicSink.add(topology, DELIVERIES, topics.deliveries(), FANOUT);
        DeadLetters.addSink(topology, topics.deadLetters(), FANOUT);
        return topology;
    }
}
