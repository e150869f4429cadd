package chat.milena.standalone.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import kafka.server.KafkaConfig;

/// The settings of the embedded broker. It is one node, both broker and controller. Only clients that have the
/// password reach it, from this machine; they may do all. Those on other machines come through an [ElsewhereListener],
/// with a login of their own, and may only read. It starts, stops and recovers from a crash quickly. Pure.
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /// How long the controller waits for the broker's heartbeats before it takes everything offline.
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(30);

    private static final String BROKER_LISTENER = "BROKER";
    private static final String ELSEWHERE_LISTENER = "ELSEWHERE";
    private static final String LOOPBACK = "127.0.0.1";
    /// For each listener. A run itself opens about a hundred.
    private static final int CONNECTIONS_MAX = 500;
    private static final int MEBIBYTE = 1024 * 1024;

    private BrokerSettings() {}

    static String bootstrapServers(int port) {
        return LOOPBACK + ":" + port;
    }

    static KafkaConfig of(Path folder, BrokerLogin login, int port, int controllerPort, BrokerOptions options) {
        Properties settings = new Properties();
        network(settings, port, controllerPort);
        access(settings, login);
        if (options.elsewhere() != null) {
            addElsewhere(settings, port, options.elsewhere());
        }
        oneNode(settings);
        storage(settings, folder);
        if (options.durable()) {
            // Each append, of the log of transactions too, before its answer.
            set(settings, "log.flush.interval.messages", 1);
        }
        speed(settings);
        smallness(settings);
        return new KafkaConfig(settings, false);
    }

    private static void network(Properties settings, int port, int controllerPort) {
        set(settings, "process.roles", "broker,controller");
        set(settings, "node.id", NODE_ID);
        set(
                settings,
                "listeners",
                BROKER_LISTENER + "://" + LOOPBACK + ":" + port + "," + CONTROLLER_LISTENER + "://" + LOOPBACK + ":"
                        + controllerPort);
        set(settings, "inter.broker.listener.name", BROKER_LISTENER);
        set(settings, "controller.listener.names", CONTROLLER_LISTENER);
        // A fixed voter: its port may change at each start, and voters kept in the log could not follow.
        set(settings, "controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort);
    }

    /// The clients of this process stay on the loopback address, which no wrong name can take from them.
    private static void addElsewhere(Properties settings, int port, BrokerOptions.Elsewhere elsewhere) {
        ElsewhereListener listener = elsewhere.listener();
        append(settings, "listeners", ELSEWHERE_LISTENER + "://" + listener.bound());
        set(
                settings,
                "advertised.listeners",
                BROKER_LISTENER + "://" + LOOPBACK + ":" + port + "," + ELSEWHERE_LISTENER + "://"
                        + listener.advertised());
        append(settings, "listener.security.protocol.map", ELSEWHERE_LISTENER + ":SASL_PLAINTEXT");
        settings.putAll(elsewhere.reader().listenerProperties(List.of(ELSEWHERE_LISTENER)));
        set(settings, "authorizer.class.name", ReadersAuthorizer.class.getName());
        set(
                settings,
                "listener.name." + ELSEWHERE_LISTENER.toLowerCase(Locale.ROOT) + ".max.connections",
                CONNECTIONS_MAX);
    }

    private static void append(Properties settings, String name, String value) {
        set(settings, name, settings.getProperty(name) + "," + value);
    }

    /// Other users of this machine also reach the ports.
    private static void access(Properties settings, BrokerLogin login) {
        set(
                settings,
                "listener.security.protocol.map",
                BROKER_LISTENER + ":SASL_PLAINTEXT," + CONTROLLER_LISTENER + ":SASL_PLAINTEXT");
        set(settings, "sasl.enabled.mechanisms", BrokerLogin.MECHANISM);
        set(settings, "sasl.mechanism.inter.broker.protocol", BrokerLogin.MECHANISM);
        set(settings, "sasl.mechanism.controller.protocol", BrokerLogin.MECHANISM);
        settings.putAll(login.listenerProperties(List.of(BROKER_LISTENER, CONTROLLER_LISTENER)));
        // Each connection takes a file handle of this process before its login. Beyond the bound the next one
        // waits.
        for (String listener : List.of(BROKER_LISTENER, CONTROLLER_LISTENER)) {
            String name = listener.toLowerCase(Locale.ROOT);
            set(settings, "listener.name." + name + ".max.connections", CONNECTIONS_MAX);
        }
    }

    private static void oneNode(Properties settings) {
        set(settings, "default.replication.factor", 1);
        set(settings, "min.insync.replicas", 1);
        set(settings, "offsets.topic.replication.factor", 1);
        set(settings, "transaction.state.log.replication.factor", 1);
        set(settings, "transaction.state.log.min.isr", 1);
        set(settings, "share.coordinator.state.topic.replication.factor", 1);
        set(settings, "share.coordinator.state.topic.min.isr", 1);
        // Each of these partitions is opened at every start, and a handful of clients needs no more.
        set(settings, "offsets.topic.num.partitions", 1);
        set(settings, "transaction.state.log.num.partitions", 2);
        set(settings, "share.coordinator.state.topic.num.partitions", 1);
        // Fencing the only broker takes everything offline. So a machine that is too busy for its heartbeats must
        // not cause it. Nothing waits for this timeout, see KilledRun. The default is 9 s.
        set(settings, "broker.session.timeout.ms", SESSION_TIMEOUT.toMillis());
        // Records with future times are still written after a clock that ran ahead was corrected: see TopicSpec.
        // The internal topics of Streams have no other setting for it.
        set(settings, "log.message.timestamp.after.max.ms", Long.MAX_VALUE);
        // A misspelt topic is an error, not a new topic.
        set(settings, "auto.create.topics.enable", false);
    }

    private static void storage(Properties settings, Path folder) {
        set(settings, "log.dirs", folder);
        // After a crash the newest segment of each partition is read through. This bounds the time it takes.
        set(settings, "log.segment.bytes", 64 * MEBIBYTE);
        set(settings, "offsets.topic.segment.bytes", 8 * MEBIBYTE);
        set(settings, "transaction.state.log.segment.bytes", 8 * MEBIBYTE);
        set(settings, "metadata.log.segment.bytes", 8 * MEBIBYTE);
        set(settings, "metadata.log.max.record.bytes.between.snapshots", 4 * MEBIBYTE);
        // Sparse files, but mapped whole: two a segment.
        set(settings, "log.index.size.max.bytes", MEBIBYTE);
        // An idle controller writes a record at this interval; the default is twice a second.
        set(settings, "metadata.max.idle.interval.ms", 10_000);
    }

    private static void speed(Properties settings) {
        // No other member has to be waited for before a group is assigned.
        set(settings, "group.initial.rebalance.delay.ms", 0);
        set(settings, "group.streams.initial.rebalance.delay.ms", 0);
        set(settings, "group.streams.assignment.interval.ms", 0);
        set(settings, "group.consumer.assignment.interval.ms", 0);
        // Clients choose how soon a dead member of a group is noticed. The default minimum is 6 s.
        set(settings, "group.min.session.timeout.ms", 1_000);
        // A new transaction may meet the markers of the previous one. Most of the latency is a long wait for them.
        set(settings, "add.partitions.to.txn.retry.backoff.ms", 1);
        // A transaction left by a crash blocks read-committed consumers until it is aborted.
        set(settings, "transaction.abort.timed.out.transaction.cleanup.interval.ms", 1_000);
        // Batching of metadata changes saves little with one broker, and each new topic waits for it.
        set(settings, "controller.quorum.append.linger.ms", 1);
    }

    private static void smallness(Properties settings) {
        set(settings, "num.network.threads", 2);
        set(settings, "num.io.threads", 4);
        set(settings, "background.threads", 2);
        set(settings, "num.recovery.threads.per.data.dir", 2);
        set(settings, "group.coordinator.threads", 1);
        set(settings, "group.coordinator.background.threads", 1);
        // Allocated at the start, for compaction; the default is 128 MiB.
        set(settings, "log.cleaner.dedupe.buffer.size", 16 * MEBIBYTE);
        // Without a limit, compaction takes a processor for seconds while the load is high, and clients wait. With
        // it, compaction catches up when the load is low. The limit counts reads and writes.
        set(settings, "log.cleaner.io.max.bytes.per.second", 16 * MEBIBYTE);
        // Deleted content must leave the disk in time, however short MILENA_ERASE_WITHIN is.
        set(settings, "log.cleaner.backoff.ms", 5_000);
        // No reporter is used, and each metric is registered twice.
        set(settings, "metric.reporters", "");
    }

    private static void set(Properties settings, String name, Object value) {
        settings.setProperty(name, value.toString());
    }
}
