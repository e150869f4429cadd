package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.topology.conversation.ConversationRules;
import chat.milena.topology.delivery.Deliveries;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/// The sequencer as a graph: commands in, the canonical log, the state and the deliveries out.
///
/// ```text
///   chat.inbound.v1 ──▶ sequencer ──▶ chat.messages.v1
///                       (4 stores)──▶ chat.deliveries.v1
///                                 ──▶ chat.fanout.v1, for large groups, in place of deliveries
///                                 ──▶ chat.conversations.v1, chat.members.v1, chat.memberships.v1
/// ```
public final class SequencerTopology {
    static final String INBOUND = "inbound";
    static final String SEQUENCER = "sequencer";
    static final String MESSAGES = "messages";
    static final String DELIVERIES = "deliveries";
    static final String FANOUT = "fanout";
    static final String CONVERSATIONS = "conversations-state";
    static final String MEMBERS = "members-state";
    static final String MEMBERSHIPS = "memberships-state";

    private SequencerTopology() {}

    /// Builds the graph over the catalogue's topics.
    public static Topology build(TopicCatalogue topics, SchemaIds ids, SequencerConfig config) {
        Topology topology = new Topology();
        topology.addSource(
                INBOUND,
                topics.inbound().keys().deserializer(),
                topics.inbound().values().deserializer(),
                topics.inbound().name());
        topology.addProcessor(SEQUENCER, new Sequencer(topics, ids, config), INBOUND);
        addSink(topology, MESSAGES, topics.messages());
        addSink(topology, DELIVERIES, topics.deliveries());
        addSink(topology, FANOUT, topics.fanout());
        addSink(topology, CONVERSATIONS, topics.conversations());
        addSink(topology, MEMBERS, topics.members());
        addSink(topology, MEMBERSHIPS, topics.memberships());
        return topology;
    }

    private static <K extends LogKey, V extends SpecificRecord> void addSink(
            Topology topology, String sink, TopicSpec<K, V> topic) {
        topology.addSink(
                sink,
                topic.name(),
                topic.keys().serializer(),
                topic.values().serializer(),
                (String name, K key, V value, int partitions) -> Optional.of(Set.of(topic.partitionOf(key))),
                SEQUENCER);
    }

    private record Sequencer(TopicCatalogue topics, SchemaIds ids, SequencerConfig config)
            implements ProcessorSupplier<ConversationKey, InboundCommand, LogKey, SpecificRecord> {

        @Override
        public Processor<ConversationKey, InboundCommand, LogKey, SpecificRecord> get() {
            return new SequencerProcessor(
                    new ConversationRules(config.membersMax(), config.largeFrom()),
                    new Deliveries(topics.deliveries().partitions()),
                    config.cachedMembersMax());
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return SequencerStores.builders(ids, config.messageRetention());
        }
    }
}
