package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.EmbeddedKafka;
import chat.milena.standalone.redis.EmbeddedRedis;
import chat.milena.standalone.up.DataFolder;
import chat.milena.topology.TopicsReady;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;

/// The services of an installation, each a process of its own, over a broker and a Redis of this process. They log in
/// at the broker by SASL, and have all secrets from files.
final class SeparateProcesses implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    static final int PARTITIONS = 4;

    private final DataFolder data;
    private final EmbeddedKafka kafka;
    private final EmbeddedRedis redis;
    private final KafkaClients clients;
    private final TopicCatalogue topics =
            new TopicCatalogue(Sizing.EMBEDDED.withPartitions(PARTITIONS), ShippedSchemas.load());
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, ChildProcess> running = new LinkedHashMap<>();

    SeparateProcesses(Path folder) throws Exception {
        data = DataFolder.at(folder.resolve("data"));
        BrokerLogin login = new BrokerLogin(data.kafkaPassword());
        kafka = new EmbeddedKafka(data.kafka(), login, OptionalInt.of(0));
        redis = new EmbeddedRedis(data.redis());
        kafka.start();
        redis.start();
        clients = KafkaClients.of(kafka.bootstrapServers(), login.clientProperties());
        TopicsReady.making(topics, clients).start();
        try (Admin admin = Admin.create(clients.admin())) {
            new LogStarts(clients, PATIENCE).make(admin, 1, 1);
        }
        Map<String, String> properties = login.clientProperties();
        Secret redisUrl = redis.url().orElseThrow();
        environment.putAll(Map.of(
                "MILENA_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "MILENA_KAFKA_SECURITY_PROTOCOL", properties.get("security.protocol"),
                "MILENA_KAFKA_SASL_MECHANISM", properties.get("sasl.mechanism"),
                "MILENA_KAFKA_SASL_JAAS_CONFIG_FILE", file(folder, "jaas", properties.get("sasl.jaas.config")),
                "MILENA_REDIS_URL_FILE", file(folder, "redis-url", redisUrl.value()),
                "MILENA_PARTITIONS", Integer.toString(PARTITIONS),
                "MILENA_KAFKA_STREAMS_CONSUMER_SESSION_TIMEOUT_MS", "5000"));
        // Makes both files.
        Objects.requireNonNull(data.tokenSecret());
        Objects.requireNonNull(data.operatorSecret());
        environment.put(
                "MILENA_TOKEN_SECRETS_FILE", data.path().resolve("token.secret").toString());
        environment.put(
                "MILENA_OPERATOR_SECRET_FILE",
                data.path().resolve("operator.secret").toString());
        for (String rate : List.of("CONNECTIONS", "ADDRESS_CONNECTIONS", "TENANT_MESSAGES", "READS")) {
            environment.put("MILENA_RATE_" + rate + "_PER_SECOND", "0");
        }
        environment.put("MILENA_STRANGERS_PER_ADDRESS", "2000");
    }

    private static String file(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    /// The folder with the secrets.
    Path data() {
        return data.path();
    }

    /// Clients of its broker.
    KafkaClients clients() {
        return clients;
    }

    /// All messages, as any other reader of Kafka sees them.
    MessageLog log() {
        return MessageLog.of(clients, topics);
    }

    /// Starts one process. It is ready later.
    ///
    /// @param name the command, and the number of this instance after a dash
    void launch(String name, List<String> options, Map<String, String> settings) throws IOException {
        Map<String, String> own = new HashMap<>(environment);
        own.put("MILENA_INSTANCE_ID", name);
        own.put("MILENA_OPERATOR_PORT", "0");
        own.putAll(settings);
        List<String> arguments = new ArrayList<>(List.of(name.substring(0, name.lastIndexOf('-'))));
        arguments.addAll(options);
        running.put(name, ServerJvm.start(List.of(), arguments, own));
    }

    /// Returns when each process serves.
    void awaitAll() {
        running.forEach((name, process) -> {
            await().atMost(PATIENCE).until(() -> process.printed("operators on port") || !process.isAlive());
            assertThat(process.isAlive())
                    .as("%s runs: %s", name, process.lines())
                    .isTrue();
        });
    }

    /// The process of this name.
    ChildProcess process(String name) {
        return Objects.requireNonNull(running.get(name));
    }

    /// Ends a process as a crash does.
    void kill9(String name) throws InterruptedException {
        Objects.requireNonNull(running.remove(name)).kill();
    }

    /// Asks a process to end.
    ///
    /// @return its exit code
    int stop(String name) throws InterruptedException {
        ChildProcess process = Objects.requireNonNull(running.remove(name));
        process.terminate();
        return process.exitCode();
    }

    /// What all processes have printed.
    String printed() {
        StringBuilder text = new StringBuilder();
        running.forEach((name, process) -> process.lines()
                .forEach(line -> text.append(name).append(": ").append(line).append('\n')));
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        running.values().forEach(ChildProcess::close);
        try {
            redis.stop(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kafka.stop(PATIENCE);
        kafka.close();
    }
}
