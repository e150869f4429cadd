package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.client.CloseReason;
import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.FreePorts;
import chat.milena.bench.frame.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Stopping in good order and starting again.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration READY_WITHIN = Duration.ofSeconds(45);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(15);
    private static final int RESTARTS = Integer.getInteger("milena.restarts", 5);

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    @Test
    void restartsInARowKeepEverythingAndStallNowhere() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            Device alice = home.connect("alice", "phone");
            Device bob = home.connect("bob", "phone");
            String talk = home.direct("alice", "bob");
            String firstId = UUID.randomUUID().toString();
            ServerFrame.MessageAck first = alice.sends(talk, firstId, "before");

            for (int restart = 1; restart <= RESTARTS; restart++) {
                RunningMilena.Stopped stopped = milena.stop();
                Duration untilReady = milena.start();
                System.out.printf(
                        "stopped in %.1f s, ready in %.1f s%n",
                        stopped.took().toMillis() / 1000.0, untilReady.toMillis() / 1000.0);
                assertThat(stopped.exitCode()).isIn(0, 143);
                assertThat(stopped.took()).isLessThan(STOPPED_WITHIN);
                assertThat(untilReady).isLessThan(READY_WITHIN);

                ServerFrame.MessageAck again = alice.sends(talk, firstId, "before");
                assertThat(again.duplicate()).isTrue();
                assertThat(again.sequenceNumber()).isEqualTo(first.sequenceNumber());
                assertThat(again.timestamp()).isEqualTo(first.timestamp());
                assertThat(alice.sends(talk, "after " + restart).sequenceNumber())
                        .isEqualTo(first.sequenceNumber() + restart);
                assertThat(home.createDirect("bob", "alice").status()).isEqualTo(200);
                // Each comes back in its own time; who had not would miss the next drain.
                awaitConnected(alice, 1 + restart);
                awaitConnected(bob, 1 + restart);
            }
            assertThat(MessageLog.of(milena).numbers(talk)).hasSize(1 + RESTARTS);
            assertToldToComeBack(alice);
            assertToldToComeBack(bob);
        }
    }

    private static void awaitConnected(Device device, int times) {
        await().atMost(PATIENCE)
                .until(() -> device.heard(ServerFrame.Connected.class).size() == times);
    }

    private static void assertToldToComeBack(Device device) {
        List<ServerFrame.Draining> asked = device.heard(ServerFrame.Draining.class);
        assertThat(asked).hasSize(RESTARTS);
        assertThat(asked)
                .allSatisfy(draining ->
                        assertThat(draining.reconnectAfter()).isBetween(Duration.ZERO, Duration.ofSeconds(30)));
        // Between a drain and the next start nobody listens, which ends attempts without a close code.
        assertThat(device.losses())
                .extracting(CloseReason::code)
                .filteredOn(code -> code != CloseReason.NO_CLOSE_FRAME)
                .hasSize(RESTARTS)
                .containsOnly(1012);
    }

    @Test
    void portInUseIsOneLineAndHarmsNobody() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            Device carol = home.connect("carol", "phone");
            String talk = home.direct("carol", "dave");
            List<String> second = List.of(
                    "up",
                    "--data",
                    milena.scratch("second").toString(),
                    "--port",
                    Integer.toString(milena.port()),
                    "--kafka-port",
                    Integer.toString(FreePorts.take(1).getFirst()));

            try (ChildProcess refused = ServerJvm.start(second, Map.of())) {
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.lines())
                        .singleElement()
                        .asString()
                        .startsWith("milena: ")
                        .contains("port " + milena.port());
            }

            assertThat(carol.sends(talk, "still here").sequenceNumber()).isEqualTo(2);
            assertThat(carol.losses()).isEmpty();
            assertThat(milena.scratch("second").resolve("kafka")).doesNotExist();
        }
    }
}
