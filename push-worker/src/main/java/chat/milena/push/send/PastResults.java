package chat.milena.push.send;

import chat.milena.push.provider.Platform;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the intents that have a result although their offsets were not committed: those that a killed process ended
/// last.
///
/// It reads at most [#READ_MAX] results. The results that are searched are among the first: they were written within
/// a second of the last commit.
record PastResults(TopicSpec<DeviceKey, PushResult> topic, KafkaClients clients, Platform platform) {
    private static final Logger LOG = LoggerFactory.getLogger(PastResults.class);
    private static final int READ_MAX = 100_000;
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(200);

    /// What was found.
    ///
    /// @param intents offsets of intents
    /// @param end the offset of the first result that is not read
    record Found(Set<Long> intents, long end) {}

    /// The results in a partition from an offset on.
    Found from(int partition, long offset) {
        TopicPartition results = new TopicPartition(topic.name(), partition);
        Map<String, Object> asked = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "");
        Set<Long> intents = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumer(asked), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(results));
            long end = consumer.endOffsets(List.of(results), WITHIN).getOrDefault(results, 0L);
            consumer.seek(results, offset);
            long deadline = System.nanoTime() + WITHIN.toNanos();
            int read = 0;
            while (consumer.position(results, WITHIN) < end && read < READ_MAX && deadline - System.nanoTime() > 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    read++;
                    add(record, intents);
                }
            }
            LOG.debug("{} results of {} after a restart, of {} read", intents.size(), results, read);
            return new Found(intents, consumer.position(results, WITHIN));
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record, Set<Long> intents) {
        try {
            PushResult result = topic.values().deserializer().deserialize(topic.name(), record.value());
            if (result != null && result.getPlatform().equals(platform.word())) {
                intents.add(result.getIntentOffset());
            }
        } catch (SerializationException e) {
            LOG.warn("The result at offset {} cannot be read", record.offset());
        }
    }
}
