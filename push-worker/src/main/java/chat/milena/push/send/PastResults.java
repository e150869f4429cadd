package chat.milena.push.send;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.word.PushPlatform;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the intents that have a result although their offsets were not committed: those that a killed process ended
/// last.
///
/// It reads at most [#READ_MAX] results, from [#BEFORE_COMMIT] before the last commit on: no intent is in progress for
/// that long.
record PastResults(TopicSpec<DeviceKey, PushResult> topic, KafkaClients clients, PushPlatform platform) {
    private static final Logger LOG = LoggerFactory.getLogger(PastResults.class);
    private static final int READ_MAX = 100_000;
    private static final Duration BEFORE_COMMIT = Duration.ofMinutes(2);
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(200);

    /// What was found.
    ///
    /// @param intents offsets of intents
    /// @param end the offset of the first result that is not read
    record Found(Set<Long> intents, long end) {}

    /// The results in a partition from there on.
    Found from(int partition, IntentWindow.ResultsFrom first) {
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
            consumer.seek(results, Math.max(first.offset(), since(consumer, results, first.atMillis(), end)));
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

    private static long since(KafkaConsumer<byte[], byte[]> consumer, TopicPartition results, long atMillis, long end) {
        long from = atMillis - BEFORE_COMMIT.toMillis();
        if (from <= 0) {
            return 0;
        }
        OffsetAndTimestamp found =
                consumer.offsetsForTimes(Map.of(results, from), WITHIN).get(results);
        return found == null ? end : found.offset();
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
