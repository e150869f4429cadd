package chat.milena.push.send;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.word.PushPlatform;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
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

    /// What was found.
    ///
    /// @param intents offsets of intents
    /// @param end the offset of the first result that is not read
    record Found(Set<Long> intents, long end) {}

    /// The results in a partition from there on.
    Found from(int partition, IntentWindow.ResultsFrom first) {
        TopicPartition results = new TopicPartition(topic.name(), partition);
        Instant since = Instant.ofEpochMilli(first.atMillis()).minus(BEFORE_COMMIT);
        Set<Long> intents = new HashSet<>();
        AtomicInteger read = new AtomicInteger();
        try (PartitionReader reader = PartitionReader.open(clients, WITHIN)) {
            long from = Math.max(first.offset(), reader.since(results, since));
            long end = reader.read(results, from, record -> {
                add(record, intents);
                return read.incrementAndGet() < READ_MAX;
            });
            LOG.debug("{} results of {} after a restart, of {} read", intents.size(), results, read);
            return new Found(intents, end);
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
