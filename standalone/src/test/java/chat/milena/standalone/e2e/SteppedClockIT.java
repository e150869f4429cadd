package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Somebody sets the clock under a system that runs, and its users do not notice.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf("chat.milena.standalone.e2e.SteppedClock#isPossible")
class SteppedClockIT {
    /// Far less than a step, and far more than a busy machine takes.
    private static final Duration SOON = Duration.ofSeconds(20);

    private final SteppedClock clock = new SteppedClock();

    @RegisterExtension
    final RunningMilena milena = clock.under(new RunningMilena());

    @Test
    void clockThatIsSetDelaysNothingAndDisconnectsNobody() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            Device alice = home.connect("alice", "phone");
            Device bob = home.connect("bob", "phone");
            String conversation = home.direct("alice", "bob");
            alice.sends(conversation, "before");

            for (long seconds : List.of(120L, 60L, 0L, -120L, 3_600L)) {
                clock.moveTo(Duration.ofSeconds(seconds));
                long begun = System.nanoTime();
                assertThatCode(() -> alice.sends(conversation, "moved by " + seconds))
                        .doesNotThrowAnyException();
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
            }

            assertThat(alice.losses()).isEmpty();
            assertThat(bob.losses()).isEmpty();
        }
        clock.moveTo(Duration.ZERO);
        RunningMilena.Stopped stopped = milena.stop();
        assertThat(stopped.exitCode()).isZero();
        assertThat(stopped.took()).isLessThan(SOON);
    }
}
