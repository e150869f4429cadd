package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An operator plans, makes and checks the topics of a cluster, and services refuse other ones.
class ClusterTopicsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final BrokerLogin LOGIN = new BrokerLogin(new Secret("a-password-of-the-tests-that-is-long-enough"));
    private static final String MATCH = "the topics match their specification";

    @TempDir
    Path folder;

    private EmbeddedKafka kafka;

    @BeforeEach
    void start() throws Exception {
        kafka = new EmbeddedKafka(folder.resolve("kafka"), LOGIN, OptionalInt.of(0));
        kafka.start();
    }

    @AfterEach
    void stop() throws Exception {
        kafka.stop(PATIENCE);
        kafka.close();
    }

    @Test
    void planPrintsEachTopicAndAsksNoBroker() {
        kafka.stop(PATIENCE);

        RanCommand plan = run(Map.of("MILENA_SIZING", "cluster", "MILENA_USER_PARTITIONS", "48"), "topics", "plan");

        assertThat(plan.code()).isZero();
        assertThat(plan.out())
                .anyMatch(line -> line.matches("chat[.]inbound[.]v1 +partitions=32 replication=3 min[.]insync=2"
                        + " cleanup=delete retention=7d"))
                .anyMatch(line -> line.matches("chat[.]deliveries[.]v1 +partitions=48 .* retention=1h"))
                .anyMatch(line ->
                        line.matches("chat[.]users[.]v1 +partitions=48 .* cleanup=compact retention=unlimited"));
    }

    @Test
    void createMakesWhatCheckMissesAndServicesRefuseTheRest() throws Exception {
        Map<String, String> four = Map.of("MILENA_PARTITIONS", "4");
        RanCommand empty = run(four, "topics", "check");
        assertThat(empty.code()).isEqualTo(1);
        assertThat(empty.out()).contains("chat.inbound.v1 is missing", "milena-starts is missing");
        RanCommand refused =
                run(four, "sequencer", "--state", folder.resolve("state").toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("milena: chat.inbound.v1 is missing", "milena: milena-starts is missing")
                .first()
                .asString()
                .contains("milena topics check");

        RanCommand created = run(four, "topics", "create");
        assertThat(created).isEqualTo(new RanCommand(0, List.of(MATCH), List.of()));
        for (String service : List.of("sequencer", "fanout", "gateway", "sync-api", "push-worker")) {
            assertThat(run(four, "topics", "check", "--for", service)).isEqualTo(created);
        }

        grow();
        List<String> differences = List.of(
                "chat.deliveries.v1 has partitions 5 instead of 4",
                "chat.messages.v1 has min.insync.replicas 2 instead of 1",
                "topics by user must have equal numbers of partitions: chat.memberships.v1 has 4,"
                        + " chat.deliveries.v1 has 5");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(run(four, "topics", "check").out())
                                .containsExactlyInAnyOrder(
                                        differences.get(0),
                                        differences.get(1),
                                        differences.get(2),
                                        "chat.fanout.v1 has retention.ms 1 instead of 86400000; `milena topics create` changes it"));
        assertThat(run(four, "fanout", "--state", folder.resolve("state").toString())
                        .err())
                .containsAll(differences.stream().map(line -> "milena: " + line).toList());
        assertThat(run(four, "topics", "create").err()).anyMatch(line -> line.contains(differences.get(0)));
    }

    @Test
    void tooFewBrokersForTheCopiesIsOneLine() {
        RanCommand check = run(Map.of("MILENA_SIZING", "cluster"), "topics", "check");

        assertThat(check.out()).contains("a replication factor of 3 needs 3 brokers; the cluster has 1");
        RanCommand create = run(Map.of("MILENA_SIZING", "cluster"), "topics", "create");
        assertThat(create.code()).isEqualTo(1);
        assertThat(create.err()).singleElement().asString().contains("only 1 broker(s)");
    }

    @Test
    void wrongSizesAndServicesAreRefused() {
        assertThat(run(Map.of("MILENA_SIZING", "huge"), "topics", "plan").err())
                .containsExactly("milena: MILENA_SIZING must be small or cluster");
        assertThat(run(Map.of(), "topics", "check", "--for", "everything").err())
                .containsExactly(
                        "milena: --for must be sequencer, fanout, moderation, gateway, sync-api or push-worker;"
                                + " dead-letters, moderation-rules, push or explain");
    }

    private void grow() throws Exception {
        try (Admin admin = Admin.create(KafkaClients.of(kafka.bootstrapServers(), LOGIN.clientProperties())
                .admin())) {
            admin.createPartitions(Map.of("chat.deliveries.v1", NewPartitions.increaseTo(5)))
                    .all()
                    .get();
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, "chat.messages.v1"),
                            List.of(set("min.insync.replicas", "2")),
                            new ConfigResource(ConfigResource.Type.TOPIC, "chat.fanout.v1"),
                            List.of(set("retention.ms", "1"))))
                    .all()
                    .get();
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private RanCommand run(Map<String, String> settings, String... arguments) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("MILENA_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        LOGIN.clientProperties()
                .forEach((name, value) -> environment.put(
                        "MILENA_KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return RanCommand.of(environment, arguments);
    }
}
