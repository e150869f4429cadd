package chat.milena.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TopicsReadyTest {
    private static final Duration SOON = Duration.ofMillis(1);

    private static KafkaException because(String cause) {
        return new KafkaException("Failed to create new KafkaAdminClient", new ConfigException(cause));
    }

    private static String next(Iterator<KafkaException> failures) {
        if (failures.hasNext()) {
            throw failures.next();
        }
        return "made";
    }

    @Test
    void nameThatResolvesALittleLaterIsWaitedFor() throws Exception {
        KafkaException notYet = because("No resolvable bootstrap urls given in bootstrap.servers");
        Iterator<KafkaException> twice = List.of(notYet, notYet).iterator();

        assertThat(TopicsReady.resolved(() -> next(twice), "kafka:9092", Duration.ofMinutes(1), SOON))
                .isEqualTo("made");
    }

    @Test
    void nameThatNeverResolvesIsNamed() {
        assertThatThrownBy(() -> TopicsReady.resolved(
                        () -> {
                            throw because("No resolvable bootstrap urls given in bootstrap.servers");
                        },
                        "kafka:9092",
                        SOON,
                        SOON))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("kafka:9092");
    }

    /// The client's own patience is a minute.
    @Test
    @Timeout(50)
    void addressThatDoesNotAnswerIsNamedInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String servers = "127.0.0.1:" + silent.getLocalPort();
            TopicsReady topics = new TopicsReady(
                    new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()),
                    KafkaClients.of(servers, Map.of()),
                    TopicAccess.NONE,
                    Duration.ofMillis(100));

            assertThatThrownBy(topics::start)
                    .isInstanceOf(TopicException.class)
                    .hasMessageEndingWith("in time, at " + servers);
        }
    }

    @Test
    void otherFailuresAreNotWaitedFor() {
        KafkaException other = because("Invalid url in bootstrap.servers: kafka");

        assertThatThrownBy(() -> TopicsReady.resolved(
                        () -> {
                            throw other;
                        },
                        "kafka",
                        Duration.ofMinutes(1),
                        SOON))
                .isSameAs(other);
    }
}
