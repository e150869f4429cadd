package chat.milena.standalone.e2e;

import static chat.milena.standalone.e2e.DeviceAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.frame.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// One message, sent again and again from everywhere, stays one message.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResendStormIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 10;
    private static final int SENDS_EACH = 5;

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    @Test
    void messageSentAHundredTimesAcrossARestartIsOneMessage() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            List<Device> devices = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                devices.add(home.connect("alice", "device-" + i));
            }
            Device bob = home.connect("bob", "phone");
            String talk = home.direct("alice", "bob");
            String messageId = UUID.randomUUID().toString();

            List<ServerFrame.MessageAck> acks = new ArrayList<>(results(storm(devices, talk, messageId)));
            assertThat(bob).eventually().received("storm");
            milena.stop();
            // Handed over while nobody listens, so that they are sent the moment the devices are back.
            var after = storm(devices, talk, messageId);
            milena.start();
            acks.addAll(results(after));

            assertThat(acks).hasSize(2 * CONNECTIONS * SENDS_EACH);
            assertThat(acks).extracting(ServerFrame.MessageAck::messageId).containsOnly(messageId);
            assertThat(acks).extracting(ServerFrame.MessageAck::sequenceNumber).containsOnly(2L);
            assertThat(acks)
                    .extracting(ServerFrame.MessageAck::timestamp)
                    .containsOnly(acks.getFirst().timestamp());
            assertThat(acks).filteredOn(ack -> !ack.duplicate()).hasSize(1);
            assertThat(MessageLog.of(milena).numbers(talk))
                    .containsOnlyKeys(messageId)
                    .containsValue(2L);

            // The next one is next, and nothing came between for the other.
            await().atMost(PATIENCE)
                    .until(() -> bob.heard(ServerFrame.Connected.class).size() > 1);
            devices.getLast().sends(talk, "calm");
            assertThat(bob).eventually().received("storm", "calm");
        }
    }

    private static List<CompletableFuture<ServerFrame.MessageAck>> storm(
            List<Device> devices, String talk, String messageId) {
        List<CompletableFuture<ServerFrame.MessageAck>> acks = new ArrayList<>();
        for (int i = 0; i < SENDS_EACH; i++) {
            for (Device device : devices) {
                acks.add(device.beginsToSend(talk, messageId, "storm"));
            }
        }
        return acks;
    }

    private static List<ServerFrame.MessageAck> results(List<CompletableFuture<ServerFrame.MessageAck>> pending)
            throws InterruptedException {
        List<ServerFrame.MessageAck> acks = new ArrayList<>();
        for (CompletableFuture<ServerFrame.MessageAck> ack : pending) {
            acks.add(Device.result(ack));
        }
        return acks;
    }
}
