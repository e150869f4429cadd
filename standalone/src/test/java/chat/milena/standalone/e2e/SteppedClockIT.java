package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

    private static final Duration IDLE_WITHIN = Duration.ofSeconds(10);

    @RegisterExtension
    final RunningMilena milena =
            clock.under(new RunningMilena().with("MILENA_HTTP_IDLE_WITHIN", IDLE_WITHIN.toSeconds() + "s"));

    /// A proxy that reuses a connection must not find it closed before its time: its request would be lost.
    @Test
    void connectionThatWaitsForItsNextCallIsNotClosedByAClockThatIsSet() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), milena.port())) {
            socket.setSoTimeout(Math.toIntExact(SOON.toMillis()));
            String call = "GET /api/v1/conversations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + home.tokenOf("alice") + "\r\n\r\n";
            assertThat(statusOf(socket, call)).contains(" 200 ");
            pass(IDLE_WITHIN.dividedBy(2));
            assertThat(statusOf(socket, call)).contains(" 200 ");
            clock.moveTo(Duration.ofMinutes(2));
            pass(IDLE_WITHIN.multipliedBy(6).dividedBy(10));
            assertThat(statusOf(socket, call)).contains(" 200 ");
        } finally {
            clock.moveTo(Duration.ZERO);
        }
    }

    private static void pass(Duration time) {
        await().pollDelay(time).until(() -> true);
    }

    /// Of an answer that comes within one piece, since it is short.
    private static String statusOf(Socket socket, String call) throws IOException {
        socket.getOutputStream().write(call.getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[4_096];
        int count = socket.getInputStream().read(answer);
        return count < 0 ? "closed" : new String(answer, 0, count, StandardCharsets.US_ASCII);
    }

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
