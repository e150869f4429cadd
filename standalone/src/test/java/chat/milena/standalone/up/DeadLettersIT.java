package chat.milena.standalone.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.e2e.ServerJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole run, with records that nobody asked for among the commands of one conversation.
class DeadLettersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ConversationKey KEY = new ConversationKey("t", "c");

    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());
    private final int partition = topics.inbound().partitionOf(KEY);
    private final List<byte[]> junk = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void junkBetweenCommandsIsPutAsideOnceAndTheConversationGoesOnWithoutAGap() throws Exception {
        try (ChildProcess first = up()) {
            KafkaClients kafka = awaitReady(first);
            try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
                send(producer, create());
                for (int i = 0; i < 20; i++) {
                    sendJunk(producer, i);
                    send(producer, message("m" + i));
                }
            }
            await().atMost(PATIENCE).until(() -> read(kafka, topics.messages()).size() >= 21);
            await().atMost(PATIENCE)
                    .until(() -> read(kafka, topics.deadLetters()).size() >= junk.size());

            assertLettersAreTheJunk(kafka);
            assertThat(metrics(first))
                    .contains("milena_dead_letters_total{topic=\"chat.inbound.v1\"} " + junk.size() + ".0");
            first.kill();
        }
        try (ChildProcess second = up()) {
            KafkaClients kafka = awaitReady(second);
            try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
                send(producer, message("after-the-kill"));
            }
            await().atMost(PATIENCE).until(() -> read(kafka, topics.messages()).size() >= 22);

            assertThat(read(kafka, topics.messages()))
                    .extracting(TimelineEvent::getSequenceNumber)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 22).mapToObj(Long::valueOf).toList());
            assertLettersAreTheJunk(kafka);
            second.terminate();
            assertThat(second.exitCode()).isZero();
        }
    }

    private void assertLettersAreTheJunk(KafkaClients kafka) {
        List<DeadLetter> letters = read(kafka, topics.deadLetters());
        assertThat(letters)
                .extracting(DeadLetter::getOffset)
                .doesNotHaveDuplicates()
                .hasSize(junk.size());
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.getTopic()).isEqualTo("chat.inbound.v1");
            assertThat(letter.getPartition()).isEqualTo(partition);
        });
        assertThat(letters)
                .filteredOn(letter -> !letter.getCut())
                .extracting(DeadLetter::getValue)
                .containsExactlyElementsOf(junk.stream()
                        .filter(value -> value.length < 2 << 20)
                        .map(ByteBuffer::wrap)
                        .toList());
        assertThat(letters).filteredOn(DeadLetter::getCut).hasSize(1);
    }

    private void sendJunk(KafkaProducer<byte[], byte[]> producer, int i) throws Exception {
        Random random = new Random(i);
        byte[] good = topics.inbound().values().serializer().serialize("", message("junk"));
        byte[] key = KEY.toBytes();
        switch (i % 10) {
            case 0 -> sendJunk(producer, key, Arrays.copyOf(good, good.length / 2));
            case 1 -> sendJunk(producer, null, good);
            case 2 -> sendJunk(producer, new byte[] {(byte) i}, random(random, 100));
            case 3 -> sendJunk(producer, key, new byte[0]);
            // All that a producer with the usual settings can send, in the key and in the value.
            case 4 -> sendJunk(producer, random(random, 1_000_000), new byte[] {(byte) i});
            case 5 -> sendJunk(producer, key, random(random, 1_000_000));
            default -> sendJunk(producer, key, random(random, 1 + random.nextInt(1_000)));
        }
        if (i == 7) {
            // Four megabytes of nothing, which compress to little.
            sendJunk(producer, key, new byte[4 << 20]);
        }
    }

    private void sendJunk(KafkaProducer<byte[], byte[]> producer, byte @Nullable [] key, byte[] value)
            throws Exception {
        junk.add(value);
        producer.send(new ProducerRecord<>(topics.inbound().name(), partition, key, value))
                .get(30, TimeUnit.SECONDS);
    }

    private void send(KafkaProducer<byte[], byte[]> producer, InboundCommand command) throws Exception {
        byte[] value = topics.inbound().values().serializer().serialize("", command);
        producer.send(new ProducerRecord<>(topics.inbound().name(), partition, KEY.toBytes(), value))
                .get(30, TimeUnit.SECONDS);
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaClients kafka) {
        return new KafkaProducer<>(
                kafka.producer(Map.of("compression.type", "gzip", "max.request.size", 8 << 20)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /// All committed values.
    private static <V extends SpecificRecord> List<V> read(KafkaClients kafka, TopicSpec<?, V> topic) {
        List<V> values = new ArrayList<>();
        List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                .mapToObj(number -> new TopicPartition(topic.name(), number))
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                kafka.consumer(Map.of("isolation.level", "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
                consumer.poll(Duration.ofMillis(100))
                        .forEach(item ->
                                values.add(topic.values().deserializer().deserialize(topic.name(), item.value())));
            }
        }
        return values;
    }

    private static String metrics(ChildProcess run) throws IOException, InterruptedException {
        URI metrics = URI.create(after(run, "metrics"));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(metrics).timeout(PATIENCE).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private ChildProcess up() throws IOException {
        return ServerJvm.start(List.of("up", "--data", folder.toString(), "--port", "0"), Map.of());
    }

    private KafkaClients awaitReady(ChildProcess run) throws DataFolderException {
        await().atMost(PATIENCE).until(() -> run.printed("ready in") || !run.isAlive());
        assertThat(run.lines()).anyMatch(line -> line.startsWith("ready in"));
        BrokerLogin login = new BrokerLogin(DataFolder.existing(folder).kafkaPassword());
        return KafkaClients.of(after(run, "Kafka"), login.clientProperties());
    }

    private static String after(ChildProcess run, String word) {
        return run.lines().stream()
                .map(String::strip)
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static InboundCommand create() {
        InboundCommand command = message("none");
        command.setKind("conversation.create");
        command.setMessage(null);
        command.setConversation(new CreateConversation("group", "g", List.of("bob"), null));
        return command;
    }

    private static InboundCommand message(String messageId) {
        Message message = new Message(messageId, new Content("text", "hi", null, null, null), null, null, null);
        CommandOrigin origin = new CommandOrigin("nobody", "conn", 1L);
        return new InboundCommand(
                "t",
                "c",
                "alice",
                "message.send",
                origin,
                Instant.EPOCH,
                message,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "member",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
