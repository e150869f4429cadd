package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.replay.Pace;
import chat.milena.bench.replay.ReplayOptions;
import chat.milena.bench.replay.ReplayResult;
import chat.milena.bench.replay.Transcript;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whole conversations at full speed, and the log they leave.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayIT {
    /// Low, so that groups of both kinds are among these, and some become large while they play.
    private static final int LARGE_FROM = 10;

    private static final double LINES_PER_SECOND = 200;
    private static final int ALL = Integer.MAX_VALUE;
    private static final int RECORDED_LINES = 25_469;

    @RegisterExtension
    final RunningMilena milena = new RunningMilena().with("MILENA_LARGE_GROUP_FROM", Integer.toString(LARGE_FROM));

    @Test
    void everythingIsAckedDeliveredAndInTheLogAsItWasSaid() throws Exception {
        List<Transcript> transcripts = new ArrayList<>(Transcripts.recorded(3, 400));
        transcripts.add(Transcripts.allOfUnicode("unicode"));
        transcripts.add(Transcripts.made("crowd", 40, 400, 1));
        transcripts.add(Transcripts.made("trio", 3, 400, 2));
        try (Tenant home = Tenant.ofDefault(milena)) {
            ReplayOptions options =
                    ReplayOptions.of(milena.url(), home.tokens(), transcripts).verifyingByResend();

            Replayed replayed = Replayed.run(options, milena.scratch("acks.jsonl"));

            replayed.assertClean();
            assertThat(replayed.result().check().deliveries())
                    .isEqualTo(replayed.result().expectedDeliveries());
            assertThat(replayed.result().resends()).isEqualTo(replayed.lines().size());
            assertThat(replayed.acked()).hasSize(transcripts.size());
            replayed.assertHeldBy(MessageLog.of(milena));
        }
    }

    /// Some minutes; for who wants to see it: `-Dmilena.replay=full`.
    @Test
    @EnabledIfSystemProperty(named = "milena.replay", matches = "full")
    void everyRecordedLineIsAckedDeliveredAndInTheLog() throws Exception {
        List<Transcript> transcripts = Transcripts.recorded(ALL, ALL);
        try (Tenant home = Tenant.ofDefault(milena)) {
            Replayed replayed = Replayed.run(
                    ReplayOptions.of(milena.url(), home.tokens(), transcripts), milena.scratch("all-acks.jsonl"));

            replayed.assertClean();
            assertThat(replayed.lines()).hasSize(RECORDED_LINES);
            assertThat(replayed.result().check().deliveries())
                    .isEqualTo(replayed.result().expectedDeliveries());
            replayed.assertHeldBy(MessageLog.of(milena));
        }
    }

    @Test
    void whoeverComesAndGoesGetsJustWhatIsSaidInBetween() throws Exception {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        List<Transcript> transcripts = new ArrayList<>(Transcripts.recorded(2, 300));
        transcripts.add(Transcripts.made("coming", 14, 300, 3));
        transcripts.add(Transcripts.made("going", 25, 300, 4));
        transcripts.add(Transcripts.made("few", 5, 300, 5));
        try (Tenant home = Tenant.ofDefault(milena)) {
            ReplayOptions options = ReplayOptions.of(milena.url(), home.tokens(), transcripts)
                    .withPace(new Pace.Rate(LINES_PER_SECOND))
                    .withChurn(new ReplayOptions.Churning(0.6, seed));

            Replayed replayed = Replayed.run(options, milena.scratch("churn-acks.jsonl"));

            ReplayResult result = replayed.result();
            assertThat(result.check().examples()).as("seed %d", seed).isEmpty();
            assertThat(result.clean()).as("seed %d: %s", seed, result).isTrue();
            assertThat(result.check().deliveries()).as("seed %d", seed).isPositive();
            assertThat(result.churn().leaves()).as("seed %d", seed).isGreaterThan(10);
            assertThat(result.churn().joins()).as("seed %d", seed).isGreaterThan(10);
            replayed.assertHeldBy(MessageLog.of(milena));
        }
    }
}
