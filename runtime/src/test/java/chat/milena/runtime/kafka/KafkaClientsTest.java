package chat.milena.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaClientsTest {
    private static final Map<String, String> LOGIN =
            Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config", "secret");

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
    void secretOverridesMayComeFromFiles(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("jaas"), "a login;\n");
        Settings fromFiles = Settings.ofEnvironment(Map.of(
                "MILENA_KAFKA_SASL_JAAS_CONFIG_FILE", file.toString(),
                "MILENA_KAFKA_ADMIN_SSL_KEY_PASSWORD_FILE", file.toString()));

        KafkaClients clients = KafkaClients.of(fromFiles);

        assertThat(clients.producer(Map.of()))
                .containsEntry("sasl.jaas.config", "a login;")
                .doesNotContainKeys("sasl.jaas.config.file", "ssl.key.password");
        assertThat(clients.admin()).containsEntry("ssl.key.password", "a login;");
        assertThat(fromFiles.errors()).isEmpty();
        assertThat(fromFiles.unknown()).isEmpty();
    }

    @Test
    void ownBrokerAllowsNoOtherAndNoOtherLogin() {
        KafkaClients clients = KafkaClients.ofOwnBroker(settings, "127.0.0.1:9092", LOGIN);

        assertThat(clients.bootstrapServers()).isEqualTo("127.0.0.1:9092");
        assertThat(clients.admin()).containsAllEntriesOf(LOGIN);
        assertThat(settings.errors())
                .containsExactly(
                        "MILENA_KAFKA_BOOTSTRAP_SERVERS must not be set: this process runs its own broker",
                        "MILENA_KAFKA_SECURITY_PROTOCOL must not be set: this process runs its own broker");
    }

    @Test
    void loginOfAClusterHoldsAsLongAsNoOtherWayToConnectIsSet() {
        Settings silent = Settings.ofEnvironment(Map.of("MILENA_KAFKA_LINGER_MS", "1"));

        assertThat(KafkaClients.ofCluster(silent, LOGIN).streams(Map.of())).containsAllEntriesOf(LOGIN);
        assertThat(KafkaClients.ofCluster(settings, LOGIN).streams(Map.of()))
                .containsEntry("security.protocol", "SSL")
                .doesNotContainKeys("sasl.mechanism", "sasl.jaas.config");
    }
}
