package chat.milena.streams.run;

import chat.milena.runtime.config.PrivateFolder;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Streams application as a component of its process.
///
/// Ready once it runs for the first time. While it restores or rebalances, its input waits in the source topic.
/// A failed stream thread is replaced, up to a bound; beyond it the application stops, is not ready, and notifies
/// `onFailure`. It also stops when another process takes its place in the group.
public final class StreamsService implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsService.class);
    static final String APPLICATION_PREFIX = "milena-";
    private static final String TAKING_OVER = "taking over partitions";
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    /// A transaction stays open for a second at most.
    private static final Duration COMMIT_WITHIN = Duration.ofSeconds(4);
    private static final int FAILURES_MAX = 10;
    private static final Duration FAILURES_WITHIN = Duration.ofMinutes(5);
    /// Restoring a large state from its changelogs after a kill is the longest part of a start.
    private static final Duration START_WITHIN = Duration.ofMinutes(10);

    private final String name;
    private final TopologyDescription topology;
    private final KafkaStreams streams;
    private final Readiness readiness;
    private final Runnable onFailure;
    private final CountDownLatch running = new CountDownLatch(1);
    private final Restores restores = new Restores();
    private final Thread watching;
    private State state = State.CREATED;
    private boolean stuck;
    private volatile boolean failed;

    /// An application.
    ///
    /// @param name the name that operators see; the application id is `milena-` and this name
    /// @param suppliedBy makes the Kafka clients
    /// @param uncommitted how long handled records have waited for their commit
    public record Application(
            String name,
            Topology topology,
            StreamsSettings settings,
            KafkaClientSupplier suppliedBy,
            Supplier<Duration> uncommitted) {}

    /// @param onFailure called once, on a thread of Kafka Streams, when the application has given up
    public StreamsService(
            Application application, KafkaClients clients, Readiness readiness, Ticker ticker, Runnable onFailure) {
        this.name = application.name();
        this.readiness = readiness;
        this.onFailure = onFailure;
        this.watching = Thread.ofVirtual().name("watch-" + name).unstarted(() -> watch(application.uncommitted()));
        Properties properties = new Properties();
        properties.putAll(clients.streams(application.settings().of(applicationId(name))));
        topology = application.topology().describe();
        streams = new KafkaStreams(application.topology(), properties, application.suppliedBy());
        closeToOthers(properties);
        String instanceId =
                properties.getProperty(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), "");
        RestartPolicy restarts = new RestartPolicy(FAILURES_MAX, FAILURES_WITHIN);
        streams.setGlobalStateRestoreListener(restores);
        streams.setStateListener((now, before) -> onState(now));
        streams.setUncaughtExceptionHandler(failure -> {
            if (isCausedBy(failure, InvalidSessionTimeoutException.class)) {
                LOG.error(
                        "The brokers do not accept the MILENA_TAKEOVER_AFTER of {}, which stops: it must be within their"
                                + " group.min.session.timeout.ms and group.max.session.timeout.ms",
                        name);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
            // A replaced thread would take the place back, and the two would do so for ever.
            if (isCausedBy(failure, FencedInstanceIdException.class)) {
                LOG.error(
                        "Another process runs {} with the MILENA_INSTANCE_ID {} of this one, which stops: each"
                                + " process needs its own",
                        name,
                        instanceId);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
            boolean again = restarts.allowsAfterFailureAt(ticker.nanos());
            LOG.error("A stream thread of {} failed; {}", name, again ? "it is replaced" : "it stops", failure);
            return again ? StreamThreadExceptionResponse.REPLACE_THREAD : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /// The application id of an application, which is also its group.
    public static String applicationId(String name) {
        return APPLICATION_PREFIX + name;
    }

    /// Its parts and their stores.
    public TopologyDescription topology() {
        return topology;
    }

    /// The application, for metrics.
    public KafkaStreams streams() {
        return streams;
    }

    /// Records of its sources that it has not read yet, as of its last fetch of each partition.
    public double lag() {
        return streams.metrics().values().stream()
                .filter(metric -> isLag(metric.metricName()))
                .mapToDouble(metric -> metric.metricValue() instanceof Number lag ? lag.doubleValue() : 0)
                .filter(lag -> lag > 0)
                .sum();
    }

    private static boolean isLag(MetricName metric) {
        return metric.name().equals("records-lag")
                && metric.tags().containsKey("partition")
                && !metric.tags().getOrDefault("client-id", "").endsWith("restore-consumer");
    }

    /// Records of changelogs that it has still to read before its tasks work.
    public double restoring() {
        return restores.remaining();
    }

    /// Handles no records until [#resume()]; it stays a member of its group.
    public void hold() {
        streams.pause();
    }

    /// Handles records again.
    public void resume() {
        streams.resume();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() throws InterruptedException, TimeoutException {
        watching.start();
        streams.start();
        if (!running.await(START_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            streams.close(Duration.ZERO);
            throw new TimeoutException("not running after " + START_WITHIN.toMinutes() + " minutes");
        }
        if (failed) {
            throw new IllegalStateException("failed while starting; the log says why");
        }
    }

    /// Leaves the group, so that others take over immediately, and a restart finds an empty place.
    @Override
    public void stop(Duration within) {
        watching.interrupt();
        readiness.set(name, false, "stopped");
        CloseOptions leave =
                CloseOptions.timeout(within).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
        if (!streams.close(leave)) {
            LOG.warn("Stream threads of {} did not end within {} ms", name, within.toMillis());
        }
    }

    /// Streams itself leaves its folder open to the group.
    private static void closeToOthers(Properties properties) {
        Path folder = Path.of(properties.getProperty(StreamsConfig.STATE_DIR_CONFIG));
        try {
            if (Files.isDirectory(folder)) {
                PrivateFolder.close(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + folder + " to other users", e);
        }
    }

    private synchronized void onState(State now) {
        state = now;
        if (now == State.PENDING_ERROR || now == State.ERROR) {
            giveUp();
        } else {
            say();
        }
        if (now == State.RUNNING) {
            running.countDown();
        }
    }

    private void say() {
        switch (state) {
            case RUNNING -> readiness.set(name, !stuck, "cannot commit");
            case CREATED -> readiness.set(name, false, TAKING_OVER);
            case REBALANCING -> {
                if (running.getCount() == 0) {
                    readiness.degraded(name, TAKING_OVER);
                } else {
                    readiness.set(name, false, TAKING_OVER);
                }
            }
            case PENDING_SHUTDOWN, NOT_RUNNING -> readiness.set(name, false, "stopped");
            case PENDING_ERROR, ERROR -> readiness.set(name, false, "failed");
        }
    }

    /// Kafka Streams counts as running while it waits for a broker or for a deleted topic.
    private void watch(Supplier<Duration> uncommitted) {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                watched(uncommitted.get());
            }
        } catch (InterruptedException e) {
            // It stops.
        }
    }

    private synchronized void watched(Duration waited) {
        boolean now = waited.compareTo(COMMIT_WITHIN) > 0;
        if (now != stuck) {
            stuck = now;
            if (now) {
                LOG.error(
                        "{} has not been able to commit for {} s: the brokers do not answer, or a"
                                + " topic was deleted; commands wait",
                        name,
                        waited.toSeconds());
            } else {
                LOG.info("{} commits again", name);
            }
            say();
        }
    }

    private void giveUp() {
        if (!failed) {
            failed = true;
            readiness.set(name, false, "failed");
            running.countDown();
            onFailure.run();
        }
    }

    /// The changelogs that are being restored. Safe for all threads.
    static final class Restores implements StateRestoreListener {
        private final Map<TopicPartition, Restore> inProgress = new ConcurrentHashMap<>();

        private record Restore(long from, long end) {}

        long remaining() {
            return inProgress.values().stream()
                    .mapToLong(restore -> Math.max(0, restore.end() - restore.from()))
                    .sum();
        }

        @Override
        public void onRestoreStart(TopicPartition changelog, String store, long from, long end) {
            inProgress.put(changelog, new Restore(from, end));
        }

        @Override
        public void onBatchRestored(TopicPartition changelog, String store, long upTo, long count) {
            inProgress.computeIfPresent(changelog, (_, restore) -> new Restore(upTo, restore.end()));
        }

        @Override
        public void onRestoreEnd(TopicPartition changelog, String store, long total) {
            inProgress.remove(changelog);
        }

        @Override
        public void onRestoreSuspended(TopicPartition changelog, String store, long total) {
            inProgress.remove(changelog);
        }
    }
}
