package chat.milena.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
    private final Settings settings = Settings.ofEnvironment(Map.of(
            "MILENA_KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2",
            "MILENA_KAFKA_SECURITY_PROTOCOL", "SSL",
            "MILENA_KAFKA_LINGER_MS", "1",
            "MILENA_KAFKA_PRODUCER_LINGER_MS", "7",
            "MILENA_KAFKA_STREAMS_PRODUCER_LINGER_MS", "9",
            "MILENA_KAFKA_CONSUMER_MAX_POLL_RECORDS", "5"));

    @Test
    void overridesReachTheirKindOnlyAndWin() {
        KafkaClients clients = KafkaClients.of(settings);

        assertThat(clients.producer(Map.of("linger.ms", 0, "acks", "all")))
                .containsEntry("bootstrap.servers", "a:1,b:2")
                .containsEntry("security.protocol", "SSL")
                .containsEntry("linger.ms", "7")
                .containsEntry("acks", "all")
                .doesNotContainKey("max.poll.records");
        assertThat(clients.consumer(Map.of()))
                .containsEntry("max.poll.records", "5")
                .containsEntry("linger.ms", "1");
        assertThat(clients.streams(Map.of())).containsEntry("producer.linger.ms", "9");
        assertThat(clients.admin()).containsEntry("security.protocol", "SSL").doesNotContainKey("max.poll.records");
    }

    @Test
    void ownBrokerAllowsNoOther() {
        KafkaClients clients = KafkaClients.of(settings, "127.0.0.1:9092");

        assertThat(clients.bootstrapServers()).isEqualTo("127.0.0.1:9092");
        assertThat(settings.errors()).singleElement().asString().contains("MILENA_KAFKA_BOOTSTRAP_SERVERS");
    }
}
