package chat.milena.streams.run;

import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.TopicSpec;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.Topology;

/// Adds a sink for a topic of the catalogue to a topology: each record goes to the partition of its key.
public final class TopicSink {
    private TopicSink() {}

    /// Adds the sink below a processor.
    ///
    /// @param sink its name in the topology
    /// @param processor the processor whose records it takes
    public static <K extends LogKey, V extends SpecificRecord> void add(
            Topology topology, String sink, TopicSpec<K, V> topic, String processor) {
        topology.addSink(
                sink,
                topic.name(),
                topic.keys().serializer(),
                topic.values().serializer(),
                (String name, K key, V value, int partitions) -> Optional.of(Set.of(topic.partitionOf(key))),
                processor);
    }
}
