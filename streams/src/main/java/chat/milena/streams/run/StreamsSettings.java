package chat.milena.streams.run;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import chat.milena.schemas.topic.TopicCatalogue;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.StreamsConfig;

/// What our applications ask of Kafka Streams. Every value that is not a default has its reason beside it. Immutable.
public final class StreamsSettings {
    private final StreamsConfiguration config;
    private final Map<String, Object> asked = new HashMap<>();

    private StreamsSettings(StreamsConfiguration config) {
        this.config = config;
    }

    /// Of an application that decides: what it reads, keeps and writes is one transaction.
    ///
    /// @param replicationFactor of its changelogs
    public static StreamsSettings deciding(StreamsConfiguration config, int replicationFactor) {
        StreamsSettings settings = new StreamsSettings(config);
        settings.addCommon();
        settings.asked.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.asked.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicationFactor);
        settings.addLatency();
        return settings;
    }

    /// Of an application that shows: it writes nothing, and reads again what it is not sure of.
    ///
    /// @param address where other instances find this one, as `host:port`
    public static StreamsSettings showing(StreamsConfiguration config, String address) {
        StreamsSettings settings = new StreamsSettings(config);
        settings.addCommon();
        settings.asked.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.asked.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address);
        // At-least-once would read what is not committed yet, and may never be.
        settings.asked.put(
                consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG),
                IsolationLevel.READ_COMMITTED.toString().toLowerCase(Locale.ROOT));
        // A commit is nothing but a bookmark: what stands behind it is read again after a kill.
        settings.asked.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000L);
        return settings;
    }

    /// All properties, for an application of this id.
    Map<String, Object> of(String applicationId) {
        Map<String, Object> all = new HashMap<>(asked);
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        return all;
    }

    private void addCommon() {
        asked.put(StreamsConfig.STATE_DIR_CONFIG, config.stateFolder().toString());
        asked.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        asked.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        asked.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        // A record cache would hold records back until the commit, from readers and changelogs alike.
        asked.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        addMembership();
        // Metrics leave by the metrics endpoint of this process; a bean for each of thousands costs start-up time.
        asked.put(StreamsConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        asked.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    }

    private void addLatency() {
        long commitMillis = config.commitInterval().toMillis();
        // The processors ask for each commit themselves, see CommitPacing; this is for whatever has none.
        asked.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                4 * config.commitIntervalMax().toMillis());
        // A stream thread commits between two polls: on a quiet topic the poll's wait is what delays the commit.
        asked.put(StreamsConfig.POLL_MS_CONFIG, commitMillis);
        // A commit sends whatever waits; before it, nobody can read it anyway.
        asked.put(
                producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
                config.commitIntervalMax().toMillis());
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
    private void addMembership() {
        asked.put(consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        asked.put(consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        asked.put(consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
    }
}
