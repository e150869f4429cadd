package chat.milena.streams.run;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;
import static org.apache.kafka.streams.StreamsConfig.restoreConsumerPrefix;

import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/// The settings of Kafka Streams for our applications. Every value that is not a default has its reason beside it.
/// Immutable.
public final class StreamsSettings {
    private static final long HEARTBEAT_MILLIS_MAX = 2_000;
    private static final long TRANSACTION_MILLIS_MIN = 6_000;

    private final StreamsConfiguration config;
    private final Map<String, Object> asked = new HashMap<>();

    private StreamsSettings(StreamsConfiguration config) {
        this.config = config;
    }

    /// For an application that decides: its reads, state and writes are one transaction.
    ///
    /// @param source one of its topics, whose copies its changelogs have too
    public static StreamsSettings writeSide(StreamsConfiguration config, TopicSpec<?, ?> source) {
        StreamsSettings settings = new StreamsSettings(config);
        settings.addCommon();
        settings.asked.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.asked.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, source.replicationFactor());
        // The brokers' own defaults may accept a number or a message that only one of them has.
        settings.asked.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                Integer.toString(source.minInsyncReplicas()));
        settings.asked.put(StreamsConfig.topicPrefix(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG), "false");
        settings.asked.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbys());
        settings.addLatency();
        return settings;
    }

    /// For an application that serves reads: it writes nothing, and reads records again after a failure.
    ///
    /// @param address where other instances reach this one, as `host:port`
    public static StreamsSettings readSide(StreamsConfiguration config, String address) {
        StreamsSettings settings = new StreamsSettings(config);
        settings.addCommon();
        settings.asked.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.asked.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address);
        // At-least-once would read records that are not committed yet and may never be.
        settings.asked.put(
                consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG),
                IsolationLevel.READ_COMMITTED.toString().toLowerCase(Locale.ROOT));
        // A commit is only a bookmark: records after it are read again after a kill.
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
        addStart();
        // There are no global tables: this only silences a warning. Its constant is deprecated from its first day.
        asked.put("processing.exception.handler.global.enabled", true);
        // The metrics endpoint of this process serves the metrics; a bean for each of thousands would slow the
        // start.
        asked.put(StreamsConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        asked.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    }

    private void addLatency() {
        long commitMillis = config.commitInterval().toMillis();
        // The processors request each commit themselves, see CommitPacing; this is for sub-topologies without one.
        asked.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                4 * config.commitIntervalMax().toMillis());
        // Until the transaction of a killed process is aborted, nobody reads what comes after it in its partitions. But
        // one must outlive the move of partitions from a dead broker: after an abort the state is restored.
        asked.put(producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int) Math.max(
                Math.max(config.takeoverAfter().toMillis(), TRANSACTION_MILLIS_MIN),
                8 * config.commitIntervalMax().toMillis()));
        // A stream thread commits between two polls: on a quiet topic the wait of the poll delays the commit.
        asked.put(StreamsConfig.POLL_MS_CONFIG, commitMillis);
        // A commit sends everything that waits; before it, nobody can read it anyway.
        asked.put(
                producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
                config.commitIntervalMax().toMillis());
        // The first write of a transaction is rejected until the markers of the last one are written. One request
        // in flight and a short, hardly growing backoff make that wait a millisecond or two, not a hundred.
        asked.put(producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
        asked.put(producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 1L);
        asked.put(producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 20L);
        asked.put(producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
        // The producer accepts any record that a topic takes: a rejected record would stop its task permanently.
        asked.put(producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), TopicCatalogue.EXTENDED_BATCH_BYTES_MAX);
    }

    /// What a start waits for. Streams accepts one created changelog a round, with this pause between rounds. And a
    /// restore asks where its next changelogs begin on the connection where the fetch of the earlier ones waits.
    private void addStart() {
        asked.put(StreamsConfig.RETRY_BACKOFF_MS_CONFIG, 10L);
        asked.put(restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 20);
    }

    /// A static member takes its partitions back immediately, even after a kill: nobody waits for its session to
    /// end. If it stays away, others take over after the session timeout.
    private void addMembership() {
        long silentMillis = config.takeoverAfter().toMillis();
        asked.put(consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        asked.put(consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int) silentMillis);
        asked.put(consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), (int)
                Math.min(HEARTBEAT_MILLIS_MAX, silentMillis / 5));
    }
}
