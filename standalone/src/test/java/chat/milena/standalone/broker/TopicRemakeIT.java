package chat.milena.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.TopicRemake;
import chat.milena.runtime.kafka.TopicRemake.Moved;
import chat.milena.runtime.kafka.Topics;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TopicRemakeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long TIME = System.currentTimeMillis() - 60_000;
    private static final String GROUP = "readers";

    private final TopicCatalogue catalogue = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());
    private final String messages = catalogue.messages().name();
    private final String inbound = catalogue.inbound().name();
    private final String deliveries = catalogue.deliveries().name();

    @TempDir
    Path folder;

    private EmbeddedKafka kafka;
    private KafkaClients clients;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        kafka = new EmbeddedKafka(folder.resolve("kafka"), KafkaProbe.LOGIN, OptionalInt.empty());
        kafka.start();
        clients = KafkaProbe.clients(kafka);
        admin = Admin.create(clients.admin());
        Topics.provision(catalogue.all(), admin, PATIENCE);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                clients.producer(Map.of("transactional.id", "writer")),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            write(producer, messages, 1, "never");
            producer.abortTransaction();
            producer.beginTransaction();
            for (String topic : List.of(messages, inbound, deliveries)) {
                IntStream.range(0, 6).forEach(i -> write(producer, topic, i % 2, "v" + i));
            }
            producer.commitTransaction();
        }
        admin.alterConsumerGroupOffsets(GROUP, Map.of(new TopicPartition(inbound, 0), new OffsetAndMetadata(2)))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        admin.close();
        kafka.stop(PATIENCE);
    }

    @Test
    void recordsAreWholeAfterEveryStepAndEveryCrash() throws Exception {
        List<String> before = read(messages, 2);
        grow(messages, inbound, deliveries);

        assertThat(remake().copyOut()).isTrue();
        // A crash: from the beginning.
        assertThat(remake().copyOut()).isTrue();
        assertThat(remake().remake()).containsExactly(inbound, messages, deliveries);
        // A crash, or a start by somebody who does not know: a topic may lack records that its copy holds.
        assertThatExceptionOfType(TopicException.class)
                .isThrownBy(() -> Topics.provision(catalogue.all(), admin, PATIENCE))
                .withMessageContaining("the repair of " + messages + " was interrupted");
        assertThat(remake().copyOut()).isTrue();
        remake().remake();
        remake().deleteCopies();

        assertThat(remake().copyOut()).isFalse();
        assertThat(Topics.differences(catalogue.all(), admin, PATIENCE)).isEmpty();
        assertThat(read(messages, 2)).isEqualTo(before).hasSize(6).allMatch(line -> line.contains("@" + TIME));
        assertThat(read(inbound, 2).stream().map(line -> line.substring(0, 4)))
                .containsExactly("0:v4", "1:v1", "1:v3", "1:v5");
        assertThat(read(deliveries, 2)).isEmpty();
        assertThat(admin.listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get())
                .isEmpty();
    }

    @Test
    void recordsOfOthersInAnAddedPartitionAreLeftAlone() throws Exception {
        grow(messages, inbound);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(clients.producer(Map.of()), new StringSerializer(), new StringSerializer())) {
            write(producer, messages, 2, "foreign");
        }

        assertThatExceptionOfType(TopicException.class)
                .isThrownBy(() -> remake().copyOut())
                .withMessageContaining(messages + "-2 holds records that Milena did not write");
        assertThat(admin.listTopics().names().get()).noneMatch(name -> name.endsWith("-aside"));
        assertThat(read(messages, 3)).hasSize(7);
    }

    /// Of an installation that was made with three, and whose setting was lost.
    @Test
    void partitionsThatAllTopicsHaveAreNoneThatWereAdded() throws Exception {
        grow(catalogue.all().stream()
                .filter(topic -> !topic.equals(catalogue.deadLetters()))
                .map(TopicSpec::name)
                .toArray(String[]::new));

        assertThatExceptionOfType(TopicException.class)
                .isThrownBy(() -> remake().copyOut())
                .withMessageContaining("MILENA_PARTITIONS");
        assertThat(admin.listTopics().names().get()).noneMatch(name -> name.endsWith("-aside"));
    }

    private TopicRemake remake() {
        return new TopicRemake(
                catalogue.all(),
                topic -> !topic.equals(catalogue.deadLetters()),
                this::moved,
                clients,
                admin,
                PATIENCE);
    }

    private Moved moved(TopicSpec<?, ?> topic) {
        return topic.equals(catalogue.inbound())
                ? new Moved.Unread(GROUP)
                : topic.equals(catalogue.deliveries()) ? new Moved.None() : new Moved.All();
    }

    private void grow(String... topics) throws Exception {
        for (String topic : topics) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                    .all()
                    .get();
            await().atMost(PATIENCE)
                    .until(() -> admin.describeTopics(List.of(topic))
                                    .topicNameValues()
                                    .values()
                                    .iterator()
                                    .next()
                                    .get()
                                    .partitions()
                                    .size()
                            == 3);
        }
    }

    private static void write(KafkaProducer<String, String> producer, String topic, int partition, String value) {
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, partition, TIME, value, value);
        record.headers().add("head", value.getBytes(StandardCharsets.UTF_8));
        var _ = producer.send(record);
    }

    /// All committed records, a line each, by partition.
    private List<String> read(String topic, int partitions) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            TopicPartition partition = new TopicPartition(topic, i);
            try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                    clients.consumer(Map.of("isolation.level", "read_committed", "enable.auto.commit", "false")),
                    new StringDeserializer(),
                    new StringDeserializer())) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition)
                        .get()
                        .offset();
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (consumer.position(partition) < end && System.nanoTime() < deadline) {
                    consumer.poll(POLL)
                            .forEach(one -> lines.add(one.partition() + ":" + one.value() + "@" + one.timestamp() + " "
                                    + new String(
                                            one.headers().lastHeader("head").value(), StandardCharsets.UTF_8)));
                }
            }
        }
        return lines;
    }
}
