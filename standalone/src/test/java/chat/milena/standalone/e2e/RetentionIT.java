package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.frame.ServerFrame;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Messages are kept for longer from a restart on, and for less again.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena().with("MILENA_RETENTION", "1h");

    @Test
    void oneMessageIdKeepsItsNumberWhateverTheRetentionBecomes() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            Device alice = home.connect("alice", "phone");
            String talk = home.direct("alice", "bob");
            String messageId = UUID.randomUUID().toString();
            ServerFrame.MessageAck first = alice.sends(talk, messageId, "once");
            assertThat(retentions()).containsExactly("3600000", "90000000");

            milena.stop();
            milena.with("MILENA_RETENTION", "30d").start();

            assertThat(retentions()).containsExactly("2592000000", "2678400000");
            assertIsTheFirst(alice.sends(talk, messageId, "once"), first);

            milena.stop();
            milena.with("MILENA_RETENTION", "2d").start();

            assertThat(retentions()).containsExactly("172800000", "259200000");
            assertIsTheFirst(alice.sends(talk, messageId, "once"), first);
            assertThat(MessageLog.of(milena).numbers(talk)).hasSize(1);
        }
    }

    private static void assertIsTheFirst(ServerFrame.MessageAck again, ServerFrame.MessageAck first) {
        assertThat(again.duplicate()).isTrue();
        assertThat(again.sequenceNumber()).isEqualTo(first.sequenceNumber());
        assertThat(again.timestamp()).isEqualTo(first.timestamp());
    }

    /// Of the messages, and of the log that the index of their ids is restored from.
    private List<String> retentions() throws Exception {
        try (Admin admin = Admin.create(milena.kafka().admin())) {
            return List.of(
                    retention(admin, "chat.messages.v1"), retention(admin, "milena-sequencer-message-index-changelog"));
        }
    }

    private static String retention(Admin admin, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<ConfigResource, Config> configs =
                admin.describeConfigs(List.of(resource)).all().get();
        return Objects.requireNonNull(configs.get(resource)).get("retention.ms").value();
    }
}
