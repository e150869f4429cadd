package chat.milena.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.kafka.KafkaClients;
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
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
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
        kafka = new EmbeddedKafka(folder.resolve("kafka"), OptionalInt.empty());
        kafka.start();
        admin = Admin.create(KafkaClients.of(kafka.bootstrapServers()).admin());
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
                        new NewTopic(messages, 4, (short) 1)
                                .configs(Map.of("cleanup.policy", "compact", "min.insync.replicas", "2"))))
                .all()
                .get();
        // A broker answers a creation before it tells of the topic.
        await().atMost(PATIENCE).until(() -> admin.listTopics().names().get().containsAll(List.of(inbound, messages)));

        assertThatExceptionOfType(TopicException.class)
                .isThrownBy(() -> Topics.provision(catalogue.all(), admin, PATIENCE))
                .withMessageContaining(inbound + " has partitions 7 instead of 4")
                .withMessageContaining(messages + " has cleanup.policy compact instead of compact,delete")
                .withMessageContaining(messages + " has retention.ms 604800000 instead of 2592000000")
                .withMessageContaining(messages + " has min.insync.replicas 2 but only 1 replicas");
        assertThat(admin.listTopics().names().get()).containsExactlyInAnyOrder(inbound, messages);
    }
}
