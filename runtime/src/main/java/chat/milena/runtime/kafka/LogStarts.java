package chat.milena.runtime.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;

/// The starts that the log records, in a small topic of their own. They show whether state that was built from
/// the log, or a position in it, belongs to this log and not to one that an older copy has replaced.
///
/// An older copy of a log has the same ids and, once it has been written to, ends as far on. It lacks only the
/// starts since. One record a state folder, compacted, with the folder's last [#STARTS_MAX] starts.
public final class LogStarts {
    /// Holds no chat, nothing that clients see, and is no part of the catalogue.
    public static final String TOPIC = "milena-starts";

    /// More starts than a folder sees within the lifetime of anything that clients hold.
    static final int STARTS_MAX = 16;

    private static final TopicPartition ALL = new TopicPartition(TOPIC, 0);

    private final KafkaClients clients;
    private final Duration within;

    /// @param within how long the brokers may take for each call
    public LogStarts(KafkaClients clients, Duration within) {
        this.clients = clients;
        this.within = within;
    }

    /// Makes the topic if it does not exist.
    ///
    /// @throws TopicException if Kafka did not do its part within the time
    public void make(Admin admin, int replicationFactor, int minInsyncReplicas)
            throws TopicException, InterruptedException {
        NewTopic topic = new NewTopic(TOPIC, 1, (short) replicationFactor)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                        Integer.toString(minInsyncReplicas)));
        try {
            if (exists(admin)) {
                // A service of a cluster may not make topics.
                return;
            }
            admin.createTopics(List.of(topic)).all().get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new TopicException("cannot make " + TOPIC + ": " + e.getCause(), e);
            }
        } catch (TimeoutException e) {
            throw new TopicException("Kafka did not make " + TOPIC + " within " + within.toSeconds() + " s", e);
        }
    }

    private boolean exists(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            admin.describeTopics(List.of(TOPIC)).allTopicNames().get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    /// All starts, those of one folder in order; none if the topic does not exist.
    ///
    /// @throws TopicException if Kafka did not do its part within the time
    public List<LogStart> read() throws TopicException {
        try (PartitionReader reader = PartitionReader.open(clients, within)) {
            return read(reader);
        }
    }

    /// The same, with a consumer that has no assignment, before and after.
    ///
    /// @throws TopicException if Kafka did not do its part within the time
    public static List<LogStart> read(Consumer<byte[], byte[]> consumer, Duration within) throws TopicException {
        try {
            return read(new PartitionReader(consumer, within));
        } finally {
            consumer.unsubscribe();
        }
    }

    private static List<LogStart> read(PartitionReader reader) throws TopicException {
        Map<String, String> byFolder = new LinkedHashMap<>();
        try {
            if (reader.exists(ALL)) {
                reader.read(ALL, PartitionReader.BEGINNING, one -> {
                    if (one.key() != null && one.value() != null) {
                        byFolder.put(text(one.key()), text(one.value()));
                    }
                    return true;
                });
            }
        } catch (KafkaException e) {
            throw new TopicException("cannot read " + TOPIC + ": " + e.getMessage(), e);
        }
        List<LogStart> starts = new ArrayList<>();
        byFolder.forEach((folder, text) -> starts.addAll(LogStart.read(folder, text)));
        return starts;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Adds a start to those of its folder.
    ///
    /// @param known the starts that were read before
    /// @throws TopicException if Kafka did not do its part within the time
    public void append(LogStart start, List<LogStart> known) throws TopicException, InterruptedException {
        List<LogStart> ofFolder = new ArrayList<>(known.stream()
                .filter(one -> one.folder().equals(start.folder()))
                .toList());
        ofFolder.add(start);
        List<LogStart> kept = ofFolder.subList(Math.max(0, ofFolder.size() - STARTS_MAX), ofFolder.size());
        Map<String, Object> asked = Map.of(
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.MAX_BLOCK_MS_CONFIG, within.toMillis(),
                ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(clients.producer(asked), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, start.folder(), LogStart.write(kept)))
                    .get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new TopicException("cannot write to " + TOPIC + ": " + e.getMessage(), e);
        }
    }
}
