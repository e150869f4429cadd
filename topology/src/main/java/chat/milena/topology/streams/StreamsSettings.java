package chat.milena.topology.streams;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import chat.milena.schemas.topic.TopicCatalogue;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/// What our applications ask of Kafka Streams. Every value that is not a default has its reason beside it. Pure.
final class StreamsSettings {
    private StreamsSettings() {}

    static Map<String, Object> of(String applicationId, StreamsConfiguration config, int replicationFactor) {
        Map<String, Object> asked = new HashMap<>();
        asked.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        asked.put(StreamsConfig.STATE_DIR_CONFIG, config.stateFolder().toString());
        asked.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        asked.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        asked.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicationFactor);
        asked.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        asked.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        addLatency(asked, config);
        addMembership(asked, config);
        // Metrics leave by the metrics endpoint of this process; a bean for each of thousands costs start-up time.
        asked.put(StreamsConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        asked.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return asked;
    }

    private static void addLatency(Map<String, Object> asked, StreamsConfiguration config) {
        long commitMillis = config.commitInterval().toMillis();
        asked.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitMillis);
        // A stream thread commits between two polls: on a quiet topic the poll's wait is what delays the commit.
        asked.put(StreamsConfig.POLL_MS_CONFIG, commitMillis);
        // A record cache would hold changelog records back until the commit and gain nothing at this interval.
        asked.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        asked.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), commitMillis);
        // The first write of a transaction is refused until the last one's markers are written. One request in flight
        // and a short, hardly growing backoff make that wait a millisecond or two, not a hundred.
        asked.put(producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
        asked.put(producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 1L);
        asked.put(producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 20L);
        asked.put(producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
        // Whatever a topic takes can be written: a record that the producer refuses would stop its task for good.
        asked.put(producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), TopicCatalogue.EXTENDED_BATCH_BYTES_MAX);
    }

    /// A static member takes its place again at once, even after a kill: nobody waits for its session to end. Others
    /// take over from one that stays away after the session timeout.
    private static void addMembership(Map<String, Object> asked, StreamsConfiguration config) {
        asked.put(consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        asked.put(consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        asked.put(consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
    }
}
