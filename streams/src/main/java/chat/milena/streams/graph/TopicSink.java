package chat.milena.streams.graph;

import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.TopicSpec;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

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
                partitioner(topic::partitionOf),
                processor);
    }

    /// Sends each record to the one partition that its key belongs to.
    ///
    /// The only method that Kafka Streams leaves to a partitioner is deprecated, in favour of one with headers that
    /// calls it.
    @SuppressWarnings("removal")
    public static <K extends @Nullable Object, V> StreamPartitioner<K, V> partitioner(ToIntFunction<K> partitionOf) {
        return (topic, key, value, partitions) -> Optional.of(Set.of(partitionOf.applyAsInt(key)));
    }
}
