package chat.milena.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.AbandonedTransactions;
import chat.milena.runtime.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An application that runs, with a transaction that stays open, and transactions of others beside it.
class AbandonedTransactionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String APPLICATION = "milena-test";
    private static final int LONG_MILLIS = 600_000;

    private EmbeddedKafka kafka;
    private KafkaClients clients;
    private Admin admin;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        kafka = new EmbeddedKafka(
                folder.resolve("kafka"),
                new BrokerLogin(new Secret("a-password-of-the-tests-that-is-long-enough")),
                OptionalInt.empty());
        clients = KafkaClients.of(kafka.bootstrapServers(), kafka.clientProperties());
        kafka.start();
        admin = Admin.create(clients.admin());
        admin.createTopics(List.of(new NewTopic("in", 1, (short) 1), new NewTopic("out", 1, (short) 1)))
                .all()
                .get();
    }

    @AfterEach
    void stop() throws Exception {
        admin.close();
        kafka.stop(PATIENCE);
    }

    @Test
    void onlyThoseOfProcessesThatAreGoneAreEnded(@TempDir Path state) throws Exception {
        String gone = APPLICATION + "-" + UUID.randomUUID() + "-1";
        String other = APPLICATION + "-classifier-1";
        AbandonedTransactions abandoned = new AbandonedTransactions(clients, APPLICATION);
        try (KafkaStreams running = new KafkaStreams(copying(), settings(state));
                KafkaProducer<byte[], byte[]> dead = producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, gone));
                KafkaProducer<byte[], byte[]> second = producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, other));
                KafkaProducer<byte[], byte[]> sender = producer(Map.of())) {
            running.start();
            var _ = sender.send(record("in"));
            Stream.of(dead, second).forEach(producer -> {
                producer.initTransactions();
                producer.beginTransaction();
                var _ = producer.send(record("out"));
                producer.flush();
            });
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ongoing()).hasSize(3).contains(gone, other));
            List<String> before = ongoing();

            assertThat(abandoned.end()).isEqualTo(1);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ongoing())
                            .containsExactlyInAnyOrderElementsOf(before.stream()
                                    .filter(id -> !id.equals(gone))
                                    .toList()));
            assertThat(abandoned.end()).isZero();
            assertThatThrownBy(dead::commitTransaction).isInstanceOf(KafkaException.class);
        }
    }

    private static Topology copying() {
        Topology topology = new Topology();
        topology.addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "in");
        topology.addSink("sink", "out", new ByteArraySerializer(), new ByteArraySerializer(), "source");
        return topology;
    }

    /// It commits later than the test takes.
    private Properties settings(Path state) {
        Properties properties = new Properties();
        properties.putAll(clients.streams(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                APPLICATION,
                StreamsConfig.STATE_DIR_CONFIG,
                state.toString(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                LONG_MILLIS / 2,
                StreamsConfig.consumerPrefix("auto.offset.reset"),
                "earliest",
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                LONG_MILLIS)));
        return properties;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> asked) {
        return new KafkaProducer<>(clients.producer(asked), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> record(String topic) {
        return new ProducerRecord<>(topic, new byte[] {1}, new byte[] {2});
    }

    private List<String> ongoing() throws Exception {
        return admin
                .listTransactions(new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING)))
                .all()
                .get()
                .stream()
                .map(TransactionListing::transactionalId)
                .toList();
    }
}
