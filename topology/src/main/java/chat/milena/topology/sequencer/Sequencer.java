package chat.milena.topology.sequencer;

import chat.milena.runtime.health.Readiness;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.SchemaIds;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sequencer process: the Streams application that decides and numbers, exactly once.
///
/// Ready while it runs or takes over partitions; while it restores or rebalances, commands wait in the inbound topic.
/// A stream thread that fails is replaced, up to a bound; beyond it the sequencer stops, is not ready, and says so to
/// `onFailure`.
public final class Sequencer implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
    private static final String NAME = "sequencer";
    private static final int FAILURES_MAX = 10;
    private static final Duration FAILURES_WITHIN = Duration.ofMinutes(5);
    /// Restoring a large state from its changelogs after a kill is the longest part of a start.
    private static final Duration START_WITHIN = Duration.ofMinutes(10);

    private final KafkaStreams streams;
    private final Readiness readiness;
    private final Runnable onFailure;
    private final CountDownLatch running = new CountDownLatch(1);
    private volatile boolean failed;

    /// @param onFailure told once, from a thread of Kafka Streams, when the sequencer has given up
    public Sequencer(
            SequencerConfig config,
            TopicCatalogue topics,
            SchemaIds ids,
            KafkaClients clients,
            Readiness readiness,
            Clock clock,
            Runnable onFailure) {
        this.readiness = readiness;
        this.onFailure = onFailure;
        Properties properties = new Properties();
        properties.putAll(
                clients.streams(SequencerSettings.of(config, topics.inbound().replicationFactor())));
        streams = new KafkaStreams(SequencerTopology.build(topics, ids, config), properties);
        RestartPolicy restarts = new RestartPolicy(FAILURES_MAX, FAILURES_WITHIN);
        streams.setStateListener((now, before) -> onState(now));
        streams.setUncaughtExceptionHandler(failure -> {
            boolean again = restarts.allowsAfterFailureAt(clock.instant());
            LOG.error("A stream thread failed; {}", again ? "it is replaced" : "the sequencer stops", failure);
            return again ? StreamThreadExceptionResponse.REPLACE_THREAD : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    /// The application, for metrics.
    public KafkaStreams streams() {
        return streams;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() throws InterruptedException, TimeoutException {
        streams.start();
        if (!running.await(START_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            streams.close(Duration.ZERO);
            throw new TimeoutException("not running after " + START_WITHIN.toMinutes() + " minutes");
        }
        if (failed) {
            throw new IllegalStateException("failed while starting; the log says why");
        }
    }

    /// Leaves the group, so that other sequencers take over at once, and a restart finds an empty place.
    @Override
    public void stop(Duration within) {
        readiness.set(NAME, false, "stopped");
        CloseOptions leave =
                CloseOptions.timeout(within).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
        if (!streams.close(leave)) {
            LOG.warn("Stream threads did not end within {} ms", within.toMillis());
        }
    }

    private void onState(State state) {
        switch (state) {
            case RUNNING -> {
                readiness.set(NAME, true, "");
                running.countDown();
            }
            case CREATED, REBALANCING -> readiness.set(NAME, false, "taking over partitions");
            case PENDING_SHUTDOWN, NOT_RUNNING -> readiness.set(NAME, false, "stopped");
            case PENDING_ERROR, ERROR -> giveUp();
        }
    }

    private void giveUp() {
        if (!failed) {
            failed = true;
            readiness.set(NAME, false, "failed");
            running.countDown();
            onFailure.run();
        }
    }
}
