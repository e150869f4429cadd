package chat.milena.topology.sequencer;

import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.streams.deadletter.DeadLetterListener;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.CommitWatch;
import chat.milena.streams.run.StoreDamage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.apache.kafka.streams.Topology;

/// The sequencer as tests build it: nobody reads its metrics, and its stores are never damaged.
public final class TestSequencer {
    private TestSequencer() {}

    /// The topology, whose dead letters nobody counts.
    public static Topology topology(TopicCatalogue topics, SchemaIds ids, SequencerConfig config) {
        return topology(topics, ids, config, new SimpleMeterRegistry());
    }

    /// The same, with its metrics.
    public static Topology topology(
            TopicCatalogue topics, SchemaIds ids, SequencerConfig config, MeterRegistry meters) {
        return SequencerTopology.build(
                topics,
                ids,
                config,
                pacing(),
                new SequencerTopology.Watchers(topic -> {}, new StoreDamage(() -> {}), new ReportMeters(meters)));
    }

    /// The pace of commits; the test driver commits by itself.
    public static CommitPacing pacing() {
        return new CommitPacing(
                Duration.ofMillis(5), Duration.ofMillis(25), CommitWatch.of("test", new SimpleMeterRegistry()));
    }

    static SequencerTopology.Watchers counting(DeadLetterListener deadLetters) {
        return new SequencerTopology.Watchers(
                deadLetters, new StoreDamage(() -> {}), new ReportMeters(new SimpleMeterRegistry()));
    }
}
