package chat.milena.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import com.yammer.metrics.core.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerOptionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TOPIC = "chat.probe";
    private static final String INNER = "milena-probe";
    private static final int RECORDS = 20;

    @TempDir
    Path folder;

    @Test
    void durableBrokerWritesEachRecordToTheDiskBeforeItsAck() throws Exception {
        assertThat(flushed(BrokerOptions.USUAL)).isLessThan(RECORDS / 2);
        assertThat(flushed(new BrokerOptions(true, null))).isEqualTo(RECORDS);
    }

    /// How many of the records were flushed before their acks.
    private int flushed(BrokerOptions options) throws Exception {
        try (EmbeddedKafka kafka = new EmbeddedKafka(
                folder.resolve("durable-" + options.durable()), KafkaProbe.LOGIN, OptionalInt.of(0), options)) {
            kafka.start();
            KafkaClients clients = KafkaProbe.clients(kafka);
            make(clients);
            int flushed = 0;
            try (KafkaProducer<String, String> producer = producer(clients)) {
                producer.send(new ProducerRecord<>(TOPIC, "first")).get();
                for (int i = 0; i < RECORDS; i++) {
                    long before = flushes();
                    producer.send(new ProducerRecord<>(TOPIC, "probe")).get();
                    flushed += flushes() > before ? 1 : 0;
                }
            }
            kafka.stop(PATIENCE);
            return flushed;
        }
    }

    private static long flushes() {
        return KafkaYammerMetrics.defaultRegistry().allMetrics().entrySet().stream()
                .filter(metric -> metric.getKey().getName().equals("LogFlushRateAndTimeMs"))
                .mapToLong(metric -> ((Timer) metric.getValue()).count())
                .sum();
    }

    @Test
    void clientsOnOtherMachinesMayReadAndNothingElse() throws Exception {
        String address = "127.0.0.2:" + FreePorts.take(1).getFirst();
        BrokerLogin login = BrokerLogin.ofReaders(new Secret("a-password-of-those-who-only-read-here"));
        BrokerOptions options =
                new BrokerOptions(false, new BrokerOptions.Elsewhere(ElsewhereListener.parse(address, ""), login));
        try (EmbeddedKafka kafka =
                new EmbeddedKafka(folder.resolve("kafka"), KafkaProbe.LOGIN, OptionalInt.of(0), options)) {
            kafka.start();
            KafkaClients services = KafkaProbe.clients(kafka);
            make(services);
            try (KafkaProducer<String, String> producer = producer(services)) {
                producer.send(new ProducerRecord<>(TOPIC, "shown")).get();
                producer.send(new ProducerRecord<>(INNER, "inner")).get();
            }

            KafkaClients readers = KafkaClients.of(address, login.clientProperties());
            assertThat(read(readers, TOPIC, "analysts")).isEqualTo("shown");
            isDenied(() -> read(readers, INNER, "analysts"));
            isDenied(() -> read(readers, TOPIC, "milena-sequencer"));
            isDenied(() -> {
                try (KafkaProducer<String, String> producer = producer(readers)) {
                    return producer.send(new ProducerRecord<>(TOPIC, "forged")).get();
                }
            });
            try (Admin admin = Admin.create(readers.admin())) {
                isDenied(() -> admin.deleteTopics(List.of(TOPIC)).all().get());
                isDenied(() -> admin.createTopics(List.of(new NewTopic("chat.more", 1, (short) 1)))
                        .all()
                        .get());
                assertThat(admin.listTopics().names().get()).containsExactly(TOPIC);
            }
            // Each login at its own listener only.
            isRefused(KafkaClients.of(address, KafkaProbe.LOGIN.clientProperties()));
            isRefused(KafkaClients.of(kafka.bootstrapServers(), login.clientProperties()));
            kafka.stop(PATIENCE);
        }
    }

    private static void make(KafkaClients clients) throws Exception {
        try (Admin admin = Admin.create(clients.admin())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1), new NewTopic(INNER, 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static KafkaProducer<String, String> producer(KafkaClients clients) {
        return new KafkaProducer<>(clients.producer(Map.of()), new StringSerializer(), new StringSerializer());
    }

    /// The first value, read as a member of a group.
    private static String read(KafkaClients clients, String topic, String group) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                clients.consumer(Map.of("group.id", group, "auto.offset.reset", "earliest")),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() - deadline < 0) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    return record.value();
                }
            }
            throw new AssertionError("nothing of " + topic + " came in time");
        }
    }

    @FunctionalInterface
    private interface Attempt {
        Object make() throws Exception;
    }

    private static void isDenied(Attempt attempt) {
        assertThatExceptionOfType(Exception.class).isThrownBy(attempt::make).satisfies(e -> {
            Throwable cause =
                    e instanceof ExecutionException || e.getClass() == KafkaException.class ? e.getCause() : e;
            assertThat(cause).isInstanceOf(AuthorizationException.class);
        });
    }

    private static void isRefused(KafkaClients clients) {
        Map<String, Object> properties = new HashMap<>(clients.admin());
        properties.put("default.api.timeout.ms", 5_000);
        properties.put("request.timeout.ms", 3_000);
        try (Admin admin = Admin.create(properties)) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> admin.listTopics().names().get())
                    .withCauseInstanceOf(SaslAuthenticationException.class);
        }
    }
}
