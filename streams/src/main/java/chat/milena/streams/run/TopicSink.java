package chat.milena.streams.run;

import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.TopicSpec;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.Topology;

/// Adds to a topology what writes to a topic of the catalogue: each record to the partition that its key belongs to.
public final class TopicSink {
    private TopicSink() {}

    /// Adds it behind a processor.
    ///
    /// @param sink its name in the topology
    /// @param processor whose records it takes
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
