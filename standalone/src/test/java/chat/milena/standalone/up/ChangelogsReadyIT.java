package chat.milena.standalone.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.EmbeddedKafka;
import chat.milena.topology.ChangelogsReady;
import chat.milena.topology.TopicsReady;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ChangelogsReadyIT {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final String CHANGELOG = "milena-sequencer-sequences-changelog";
    private static final String INDEX = "milena-sequencer-message-index-changelog";
    private static final byte[] BYTES = "any".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());

    @Test
    void conversationsWithoutChangelogsAreRefusedAndNothingElseIs() throws Exception {
        try (EmbeddedKafka kafka = new EmbeddedKafka(
                folder,
                new BrokerLogin(new Secret("a-password-of-the-tests-that-is-long-enough")),
                OptionalInt.of(0))) {
            kafka.start();
            KafkaClients clients = KafkaClients.of(kafka.bootstrapServers(), kafka.clientProperties());
            TopicsReady.making(topics, clients).start();
            ChangelogsReady ready = new ChangelogsReady(topics, List.of(CHANGELOG), INDEX, clients);
            String conversations = topics.conversations().name();
            try (KafkaProducer<byte[], byte[]> producer = producer(clients);
                    Admin admin = Admin.create(clients.admin())) {
                ready.start();

                producer.beginTransaction();
                write(producer, conversations, 0);
                producer.abortTransaction();
                ready.start();

                producer.beginTransaction();
                write(producer, conversations, 0);
                producer.commitTransaction();
                assertThatThrownBy(ready::start)
                        .isInstanceOf(TopicException.class)
                        .hasMessageContaining(CHANGELOG);

                make(admin, CHANGELOG);
                assertThatThrownBy(ready::start)
                        .isInstanceOf(TopicException.class)
                        .hasMessageContaining(CHANGELOG);

                producer.beginTransaction();
                write(producer, CHANGELOG, 0);
                producer.commitTransaction();
                assertThatThrownBy(ready::start)
                        .isInstanceOf(TopicException.class)
                        .hasMessageContaining(INDEX);

                make(admin, INDEX);
                ready.start();
                assertThat(ready.name()).isEqualTo("changelogs");

                // As kafka-delete-records does.
                admin.deleteRecords(Map.of(new TopicPartition(CHANGELOG, 0), RecordsToDelete.beforeOffset(-1)))
                        .all()
                        .get();
                assertThatThrownBy(ready::start)
                        .isInstanceOf(TopicException.class)
                        .hasMessageContaining(CHANGELOG);
            } finally {
                kafka.stop(WITHIN);
            }
        }
    }

    private void make(Admin admin, String topic) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, topics.conversations().partitions(), (short) 1)))
                .all()
                .get();
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaClients clients) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                clients.producer(Map.of("transactional.id", "writer")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, String topic, int partition) throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, BYTES, BYTES)).get();
    }
}
