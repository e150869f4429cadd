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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A client that cannot resume after a kill has all messages as they are after a sync and the frames beside it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SyncAfterKillIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int LINES_EACH = 400;
    private static final double PER_SECOND = 150;

    /// Nobody resumes, a sync has many pages, and one group gets its reactions gathered.
    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_RESUME_MISSED_MAX", "0")
            .with("MILENA_SYNC_ENTRIES_MAX", "7")
            .with("MILENA_LARGE_GROUP_FROM", "10");

    @Test
    void syncsAndFramesMakeWhatIsRead() throws Exception {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        List<Transcript> transcripts = List.of(
                Transcripts.made("large", 14, LINES_EACH, 6),
                Transcripts.made("some", 5, LINES_EACH, 7),
                Transcripts.made("two", 2, LINES_EACH, 8));
        Path acks = milena.scratch("acks.jsonl");
        try (Tenant home = Tenant.ofDefault(milena);
                ExecutorService beside = Executors.newSingleThreadExecutor()) {
            ReplayOptions options = ReplayOptions.of(milena.url(), home.tokens(), transcripts)
                    .withPace(new Pace.Rate(PER_SECOND))
                    .withMutations(new ReplayOptions.Mutating(0.4, seed));
            Future<Replayed> replay = beside.submit(() -> Replayed.run(options, acks));
            await().atMost(PATIENCE).until(() -> Replayed.ackedSoFar(acks) >= LINES_EACH || replay.isDone());
            milena.kill9();
            milena.start();

            ReplayResult result = replay.get(10, TimeUnit.MINUTES).result();

            ReplayResult.MutationCount mutations = Objects.requireNonNull(result.mutations());
            assertThat(mutations.folds().examples()).as("seed %d", seed).isEmpty();
            assertThat(result.clean()).as("seed %d: %s", seed, result).isTrue();
            assertThat(result.check().resumed()).isLessThan(result.check().reconnects());
            assertThat(mutations.folds().syncs()).as("seed %d", seed).isGreaterThan(10);
            assertThat(mutations.folds().broken()).as("seed %d", seed).isZero();
        }
    }
}
