package chat.milena.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.Topics;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TopicCatalogue catalogue = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());

    @TempDir
    Path folder;

    private EmbeddedKafka kafka;
    private Admin admin;

    @BeforeEach
    void start() throws BrokerException, InterruptedException {
        kafka = new EmbeddedKafka(folder.resolve("kafka"), KafkaProbe.LOGIN, OptionalInt.empty());
        kafka.start();
        admin = Admin.create(KafkaProbe.clients(kafka).admin());
    }

    @AfterEach
    void stop() {
        admin.close();
        kafka.stop(PATIENCE);
    }

    @Test
    void missingTopicsAreMadeAsTheCatalogueSaysAndFoundRightTheNextTime() throws Exception {
        Topics.provision(catalogue.all(), admin, PATIENCE);

        assertThat(admin.listTopics().names().get())
                .containsExactlyInAnyOrderElementsOf(
                        catalogue.all().stream().map(TopicSpec::name).toList());
        assertThatCode(() -> Topics.provision(catalogue.all(), admin, PATIENCE)).doesNotThrowAnyException();
    }

    @Test
    void everyDifferenceIsToldAtOnceAndNothingIsMade() throws Exception {
        String inbound = catalogue.inbound().name();
        String messages = catalogue.messages().name();
        admin.createTopics(List.of(
                        new NewTopic(inbound, 7, (short) 1).configs(Map.of("retention.ms", "604800000")),
                        new NewTopic(messages, 2, (short) 1)
                                .configs(Map.of("cleanup.policy", "compact", "min.insync.replicas", "2"))))
                .all()
                .get();
        // A broker answers a creation before it tells of the topic.
        await().atMost(PATIENCE).until(() -> admin.listTopics().names().get().containsAll(List.of(inbound, messages)));

        assertThatExceptionOfType(TopicException.class)
                .isThrownBy(() -> Topics.provision(catalogue.all(), admin, PATIENCE))
                .withMessageContaining(inbound + " has partitions 7 instead of 2")
                .withMessageContaining(messages + " has cleanup.policy compact instead of compact,delete")
                .withMessageContaining(messages + " has min.insync.replicas 2 instead of 1");
        assertThat(admin.listTopics().names().get()).containsExactlyInAnyOrder(inbound, messages);
        assertThat(setting(messages, "retention.ms")).isEqualTo("604800000");
    }

    @Test
    void whatMayChangeAtAnyTimeIsChanged() throws Exception {
        String messages = catalogue.messages().name();
        String deliveries = catalogue.deliveries().name();
        admin.createTopics(List.of(
                        new NewTopic(messages, 2, (short) 1)
                                .configs(Map.of("cleanup.policy", "compact,delete", "retention.ms", "3600000")),
                        new NewTopic(deliveries, 2, (short) 1)
                                .configs(Map.of(
                                        "retention.ms",
                                        "3600000",
                                        "max.message.bytes",
                                        "1000",
                                        "message.timestamp.after.max.ms",
                                        "3600000"))))
                .all()
                .get();
        await().atMost(PATIENCE)
                .until(() -> admin.listTopics().names().get().containsAll(List.of(messages, deliveries)));

        Topics.provision(catalogue.all(), admin, PATIENCE);

        // A broker answers a change before it tells of it.
        await().atMost(PATIENCE).until(() -> setting(messages, "retention.ms").equals("2592000000"));
        await().atMost(PATIENCE)
                .until(() -> setting(deliveries, "max.message.bytes").equals("3145728"));
        assertThat(setting(deliveries, "retention.ms")).isEqualTo("3600000");
        assertThat(setting(deliveries, "message.timestamp.after.max.ms")).isEqualTo(Long.toString(Long.MAX_VALUE));
    }

    @Test
    void moreThanTheCatalogueAsksForIsLeftAlone() throws Exception {
        String messages = catalogue.messages().name();
        Topics.provision(catalogue.all(), admin, PATIENCE);
        alter(messages, "max.message.bytes", "9000000");
        alter(messages, "retention.ms", "1");
        await().atMost(PATIENCE).until(() -> setting(messages, "retention.ms").equals("1"));

        Topics.provision(catalogue.all(), admin, PATIENCE);

        await().atMost(PATIENCE).until(() -> setting(messages, "retention.ms").equals("2592000000"));
        assertThat(setting(messages, "max.message.bytes")).isEqualTo("9000000");
    }

    @Test
    void operatorSeesEachDifferenceAndPutsSettingsBack() throws Exception {
        String receipts = catalogue.receipts().name();
        String fanout = catalogue.fanout().name();
        Topics.provision(catalogue.all(), admin, PATIENCE);
        admin.deleteTopics(List.of(catalogue.deadLetters().name())).all().get();
        alter(receipts, "cleanup.policy", "delete");
        alter(receipts, "min.insync.replicas", "2");
        alter(fanout, "retention.ms", "1");
        await().atMost(PATIENCE).until(() -> setting(fanout, "retention.ms").equals("1"));
        List<String> settings = List.of(
                receipts + " has cleanup.policy delete instead of compact",
                receipts + " has min.insync.replicas 2 instead of 1",
                fanout + " has retention.ms 1 instead of 86400000; the next start changes it");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Topics.differences(catalogue.all(), admin, PATIENCE))
                        .contains(catalogue.deadLetters().name() + " is missing; the next start makes it empty")
                        .containsAll(settings)
                        .hasSize(4));
        assertThat(Topics.putBack(catalogue.all(), admin, PATIENCE))
                .containsExactlyInAnyOrder(
                        receipts + " now has cleanup.policy compact instead of delete",
                        receipts + " now has min.insync.replicas 1 instead of 2",
                        fanout + " now has retention.ms 86400000 instead of 1");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Topics.differences(catalogue.all(), admin, PATIENCE))
                        .hasSize(1));
    }

    private String setting(String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<ConfigResource, Config> configs =
                admin.describeConfigs(List.of(resource)).all().get();
        return Objects.requireNonNull(configs.get(resource)).get(name).value();
    }

    private void alter(String topic, String name, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }
}
