package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.replay.Pace;
import chat.milena.bench.replay.ReplayOptions;
import chat.milena.bench.replay.ReplayResult;
import chat.milena.bench.replay.Transcript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Nothing that was acked is lost, doubled or renumbered when the process is killed while people talk.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillNineIT {
    /// A third of the session timeout here; all of it is room for a machine that is busy.
    private static final Duration READY_AGAIN_WITHIN = Duration.ofSeconds(45);

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int LINES_EACH = 500;
    private static final int PER_SECOND = 150;

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    @Test
    void killsInTheMiddleOfTalkLoseNothingAndDoubleNothing() throws Exception {
        List<Transcript> transcripts = List.of(
                Transcripts.made("first", 12, LINES_EACH, 3),
                Transcripts.made("second", 5, LINES_EACH, 4),
                Transcripts.made("third", 2, LINES_EACH, 5));
        killTwice(transcripts, new Pace.Rate(PER_SECOND));
    }

    @Test
    void killsInTheMiddleOfChangesLeaveEverybodyWithWhatIsRead() throws Exception {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        List<Transcript> transcripts = List.of(
                Transcripts.made("many", 14, LINES_EACH, 6),
                Transcripts.made("some", 5, LINES_EACH, 7),
                Transcripts.made("two", 2, LINES_EACH, 8));
        Path acks = milena.scratch("changed-acks.jsonl");
        try (Tenant home = Tenant.ofDefault(milena);
                ExecutorService beside = Executors.newSingleThreadExecutor()) {
            ReplayOptions options = ReplayOptions.of(milena.url(), home.tokens(), transcripts)
                    .withPace(new Pace.Rate(PER_SECOND))
                    .withMutations(new ReplayOptions.Mutating(0.2, seed));
            Future<Replayed> replay = beside.submit(() -> Replayed.run(options, acks));

            killWhenAcked(LINES_EACH, acks, replay);
            killWhenAcked(2 * LINES_EACH, acks, replay);
            ReplayResult result = replay.get(10, TimeUnit.MINUTES).result();

            assertThat(result.check().examples()).as("seed %d", seed).isEmpty();
            ReplayResult.MutationCount mutations = Objects.requireNonNull(result.mutations());
            assertThat(mutations.folds().examples()).as("seed %d", seed).isEmpty();
            assertThat(result.clean()).as("seed %d: %s", seed, result).isTrue();
            assertThat(List.of(mutations.edits(), mutations.deletions(), mutations.reactions(), mutations.replies()))
                    .as("seed %d", seed)
                    .allMatch(count -> count > 30);
            assertThat(mutations.folds().histories()).isEqualTo(21);
            assertThat(mutations.folds().broken()).as("seed %d", seed).isZero();
        }
    }

    /// Some minutes; for who wants to see it: `-Dmilena.replay=full`.
    @Test
    @EnabledIfSystemProperty(named = "milena.replay", matches = "full")
    void killsInTheMiddleOfAllRecordedTalkAtFullSpeedLoseNothingAndDoubleNothing() throws Exception {
        killTwice(Transcripts.recorded(Integer.MAX_VALUE, Integer.MAX_VALUE), null);
    }

    /// @param pace null for full speed
    private void killTwice(List<Transcript> transcripts, @Nullable Pace pace) throws Exception {
        int lines = transcripts.stream()
                .mapToInt(transcript -> transcript.lines().size())
                .sum();
        Path acks = milena.scratch("acks-" + lines + ".jsonl");
        try (Tenant home = Tenant.ofDefault(milena);
                ExecutorService beside = Executors.newSingleThreadExecutor()) {
            ReplayOptions unpaced = ReplayOptions.of(milena.url(), home.tokens(), transcripts);
            ReplayOptions options = (pace == null ? unpaced : unpaced.withPace(pace)).verifyingByResend();
            Future<Replayed> replay = beside.submit(() -> Replayed.run(options, acks));

            killWhenAcked(lines / 3, acks, replay);
            killWhenAcked(2 * lines / 3, acks, replay);
            Replayed replayed = replay.get(10, TimeUnit.MINUTES);

            assertThat(replayed.result().notices().keySet())
                    .as("connections were lost")
                    .anyMatch(notice -> notice.startsWith("not connected"));
            replayed.assertClean();
            assertThat(replayed.result().resends()).isEqualTo(lines);
            replayed.assertHeldBy(MessageLog.of(milena));
        }
    }

    private void killWhenAcked(int count, Path acks, Future<?> replay) throws Exception {
        await().atMost(PATIENCE).until(() -> Replayed.ackedSoFar(acks) >= count || replay.isDone());
        assertThat(replay.isDone())
                .as("the replay is over before %s acks", count)
                .isFalse();
        milena.kill9();

        Duration untilReady = milena.start();

        System.out.printf("ready again %.1f s after a kill%n", untilReady.toMillis() / 1000.0);
        assertThat(untilReady).isLessThan(READY_AGAIN_WITHIN);
    }
}
