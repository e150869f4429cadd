package chat.milena.standalone.broker;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// What the tests of the broker do with it: one topic with one partition, written by one transactional producer.
final class KafkaProbe {
    static final String TOPIC = "probe";
    static final String GROUP = "probe-group";

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration WITHIN = Duration.ofSeconds(60);

    /// Of all brokers of the tests, so that one finds the folder of another.
    static final BrokerLogin LOGIN = new BrokerLogin(new Secret("a-password-of-the-tests-that-is-long-enough"));

    private KafkaProbe() {}

    static KafkaClients clients(EmbeddedKafka kafka) {
        return KafkaClients.of(kafka.bootstrapServers(), LOGIN.clientProperties());
    }

    static void makeTopic(KafkaClients clients) throws Exception {
        try (Admin admin = Admin.create(clients.admin())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    /// Its start ends whatever an earlier one left open.
    static KafkaProducer<String, String> transactionalProducer(KafkaClients clients) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                clients.producer(Map.of("transactional.id", "probe-writer")),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    static void commit(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, value)).get();
        producer.commitTransaction();
    }

    /// A consumer of the group with the usual session timeout, 45 s.
    static KafkaConsumer<String, String> member(KafkaClients clients) {
        KafkaConsumer<String, String> consumer =
                consumer(clients.consumer(Map.of("group.id", GROUP, "auto.offset.reset", "earliest")));
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    static void awaitAssignment(KafkaConsumer<String, String> member, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (member.assignment().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no partition was assigned within " + within);
            }
            member.poll(POLL);
        }
    }

    /// All committed values, up to the end of the log as it is now. What a commit ended is visible once its marker is
    /// written, which the commit itself does not wait for: so this waits for it.
    static List<String> committed(KafkaClients clients) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                consumer(clients.consumer(Map.of("isolation.level", "read_committed")))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = endOfLog(clients, partition);
            long deadline = System.nanoTime() + WITHIN.toNanos();
            while (consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("the end was not reached within " + WITHIN);
                }
                consumer.poll(POLL).forEach(item -> values.add(item.value()));
            }
        }
        return values;
    }

    /// Behind the last record, committed or not.
    private static long endOfLog(KafkaClients clients, TopicPartition partition) {
        try (KafkaConsumer<String, String> consumer = consumer(clients.consumer(Map.of()))) {
            return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        }
    }

    private static KafkaConsumer<String, String> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }
}
