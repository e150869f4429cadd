package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.cluster.ChildProcess;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Somebody alters topics with Kafka's tools, and an operator gets the system back by one command.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class AlteredTopicsIT {
    private static final List<String> GROWN = List.of(
            "chat.inbound.v1",
            "chat.messages.v1",
            "chat.memberships.v1",
            "chat.deliveries.v1",
            "milena-sequencer-sequences-changelog",
            "milena-sequencer-message-index-changelog");
    private static final List<String> DELETED_FROM = List.of("chat.receipts.v1", "milena-sequencer-members-changelog");

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private record Ended(int exitCode, List<String> lines) {}

    @Test
    void repairPutsBackWhatWasAlteredAndLosesNothing() throws Exception {
        String talk;
        String token;
        try (Tenant home = Tenant.ofDefault(milena);
                RawSocket bob = RawSocket.connected(milena.port(), home.tokenOf("bob"))) {
            talk = home.direct("alice", "bob");
            Device alice = home.connect("alice", "phone");
            for (int i = 2; i <= 6; i++) {
                assertThat(alice.sends(talk, "m" + i, "hi").sequenceNumber()).isEqualTo(i);
            }
            bob.text("{\"type\":\"heartbeat\"}");
            token = bob.nextFrame("heartbeat").path("resumeToken").asText();
        }
        Map<String, String> running =
                Map.of("MILENA_KAFKA_BOOTSTRAP_SERVERS", milena.kafka().bootstrapServers());
        assertThat(topics("check", running)).isEqualTo(new Ended(0, List.of("the topics match their specification")));
        alter();
        List<String> differences = Stream.concat(
                        GROWN.stream().map(topic -> topic + " has partitions 3 instead of 2"),
                        DELETED_FROM.stream().map(topic -> topic + " has cleanup.policy delete instead of compact"))
                .toList();
        Ended found = topics("check", running);
        assertThat(found.lines()).containsExactlyInAnyOrderElementsOf(differences);
        assertThat(found.exitCode()).isEqualTo(1);

        assertThat(topics("repair", Map.of()).lines())
                .singleElement()
                .asString()
                .contains("in use by another run");
        milena.stop();
        assertThat(topics("check", Map.of())).isEqualTo(found);
        Ended repaired = topics("repair", Map.of());
        assertThat(repaired.lines())
                .hasSize(GROWN.size() + DELETED_FROM.size() + 1)
                .last()
                .isEqualTo("the topics match their specification");
        assertThat(repaired.exitCode()).isZero();
        milena.start();

        try (Tenant home = Tenant.ofDefault(milena);
                RawSocket bob = RawSocket.resuming(milena.port(), home.tokenOf("bob"), token)) {
            assertThat(bob.nextFrame("connected").at("/payload/resumed").asBoolean())
                    .isFalse();
            Device alice = home.connect("alice", "phone");
            assertThat(alice.sends(talk, "m3", "hi").duplicate()).isTrue();
            assertThat(alice.sends(talk, "m7", "hi").sequenceNumber()).isEqualTo(7);
            assertThat(bob.nextFrame("message.new")
                            .at("/payload/sequenceNumber")
                            .asLong())
                    .isEqualTo(7);
            assertThat(history(home, talk))
                    .isEqualTo(LongStream.rangeClosed(1, 7).boxed().toList());
            assertThat(home.rest()
                            .call("GET", "/api/v1/conversations", home.tokenOf("bob"), "")
                            .text())
                    .contains(talk);
        }
    }

    private Ended topics(String command, Map<String, String> environment) throws IOException, InterruptedException {
        try (ChildProcess run = ServerJvm.start(
                List.of("topics", command, "--data", milena.data().toString()), environment)) {
            return new Ended(run.exitCode(), run.lines());
        }
    }

    private void alter() throws Exception {
        try (Admin admin = Admin.create(milena.kafka().admin())) {
            admin.createPartitions(GROWN.stream()
                            .collect(Collectors.toMap(topic -> topic, topic -> NewPartitions.increaseTo(3))))
                    .all()
                    .get();
            admin.incrementalAlterConfigs(DELETED_FROM.stream()
                            .collect(Collectors.toMap(
                                    topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                    topic -> List.of(new AlterConfigOp(
                                            new ConfigEntry("cleanup.policy", "delete"), AlterConfigOp.OpType.SET)))))
                    .all()
                    .get();
        }
    }

    private static List<Long> history(Tenant home, String talk) throws IOException, InterruptedException {
        Rest.Answer answer = home.rest()
                .call("GET", "/api/v1/conversations/" + talk + "/messages?after=0", home.tokenOf("alice"), "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<Long> numbers = new ArrayList<>();
        for (JsonNode entry : answer.body().path("messages")) {
            numbers.add(entry.path("sequenceNumber").asLong());
        }
        return numbers.stream().sorted().toList();
    }
}
