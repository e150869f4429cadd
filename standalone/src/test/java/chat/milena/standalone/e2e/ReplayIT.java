package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.replay.ReplayOptions;
import chat.milena.bench.replay.Transcript;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whole conversations at full speed, and the log they leave.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

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
}
