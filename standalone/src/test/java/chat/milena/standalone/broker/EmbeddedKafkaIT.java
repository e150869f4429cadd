package chat.milena.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import chat.milena.standalone.ChildJvm;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Far below the 45 s after which a group gives up a member that fell silent.
    private static final Duration NO_SESSION_TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path temporary;

    /// Commits one value, leaves another uncommitted, and waits to be killed.
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            EmbeddedKafka kafka = new EmbeddedKafka(Path.of(arguments[0]), OptionalInt.empty());
            kafka.start();
            if (arguments[1].equals("1")) {
                KafkaProbe.makeTopic(kafka.bootstrapServers());
            }
            try (KafkaProducer<String, String> producer = KafkaProbe.transactionalProducer(kafka.bootstrapServers())) {
                KafkaProbe.commit(producer, "committed " + arguments[1]);
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(KafkaProbe.TOPIC, "uncommitted " + arguments[1]))
                        .get();
                System.out.println("written");
                Thread.currentThread().join();
            }
        }
    }

    @Test
    void killLosesNothingThatWasCommittedAndKeepsNothingThatWasNot() throws Exception {
        Path folder = temporary.resolve("kafka logs");
        for (String round : List.of("1", "2", "3")) {
            try (ChildJvm victim = ChildJvm.start(Victim.class, List.of(folder.toString(), round), Map.of())) {
                await().atMost(PATIENCE).until(() -> victim.printed("written") || !victim.isAlive());
                assertThat(victim.lines()).contains("written");
                victim.kill();
            }
        }

        EmbeddedKafka kafka = start(folder);
        try (KafkaProducer<String, String> producer = KafkaProbe.transactionalProducer(kafka.bootstrapServers())) {
            KafkaProbe.commit(producer, "afterwards");

            assertThat(KafkaProbe.committed(kafka.bootstrapServers()))
                    .containsExactly("committed 1", "committed 2", "committed 3", "afterwards");
        } finally {
            kafka.stop(PATIENCE);
        }
    }

    @Test
    void startAfterAKillDoesNotWaitForTheSessionOfTheKilled() throws Exception {
        Path folder = temporary.resolve("kafka");
        for (String round : List.of("1", "2")) {
            try (ChildJvm victim = ChildJvm.start(Victim.class, List.of(folder.toString(), round), Map.of())) {
                await().atMost(PATIENCE).until(() -> victim.printed("written") || !victim.isAlive());
                assertThat(victim.lines()).contains("written");
                victim.kill();
            }
            for (String end : List.of("after a kill", "after a clean stop")) {
                long begin = System.nanoTime();
                EmbeddedKafka kafka = start(folder);
                kafka.stop(PATIENCE);
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .as(end)
                        .isLessThan(BrokerSettings.SESSION_TIMEOUT);
            }
        }
    }

    @Test
    void quickRestartsKeepEverythingAndStallNowhere() throws Exception {
        Path folder = temporary.resolve("kafka");
        long begin = System.nanoTime();
        for (int round = 1; round <= 3; round++) {
            EmbeddedKafka kafka = start(folder);
            if (round == 1) {
                KafkaProbe.makeTopic(kafka.bootstrapServers());
            }
            try (var producer = KafkaProbe.transactionalProducer(kafka.bootstrapServers());
                    var member = KafkaProbe.member(kafka.bootstrapServers())) {
                KafkaProbe.commit(producer, "round " + round);
                KafkaProbe.awaitAssignment(member, NO_SESSION_TIMEOUT);
            }
            if (round == 3) {
                assertThat(KafkaProbe.committed(kafka.bootstrapServers()))
                        .containsExactly("round 1", "round 2", "round 3");
            }
            kafka.stop(PATIENCE);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
    }

    @Test
    void recordsOfAClockThatRanAheadAreTaken() throws Exception {
        EmbeddedKafka kafka = start(temporary.resolve("kafka"));
        try (KafkaProducer<String, String> producer = KafkaProbe.transactionalProducer(kafka.bootstrapServers())) {
            KafkaProbe.makeTopic(kafka.bootstrapServers());
            long nextYear = System.currentTimeMillis() + Duration.ofDays(365).toMillis();

            producer.beginTransaction();
            producer.send(new ProducerRecord<>(KafkaProbe.TOPIC, null, nextYear, null, "ahead"))
                    .get();
            producer.commitTransaction();

            assertThat(KafkaProbe.committed(kafka.bootstrapServers())).containsExactly("ahead");
        } finally {
            kafka.stop(PATIENCE);
        }
    }

    @Test
    void usualPortIsNotInsistedOn() throws Exception {
        EmbeddedKafka first = start(temporary.resolve("first"));
        EmbeddedKafka second = start(temporary.resolve("second"));
        try {
            assertThat(second.bootstrapServers()).isNotEqualTo(first.bootstrapServers());
        } finally {
            second.stop(PATIENCE);
            first.stop(PATIENCE);
        }
    }

    @Test
    void fixedPortIsInsistedOn() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = taken.getLocalPort();

            assertThatExceptionOfType(BrokerException.class)
                    .isThrownBy(() -> new EmbeddedKafka(temporary, OptionalInt.of(port)))
                    .withMessage("port " + port + " (for Kafka) is in use");
        }
    }

    @Test
    void portIsHeldFromTheBeginningUntilItIsGivenUp() throws Exception {
        int port;
        try (EmbeddedKafka kafka = new EmbeddedKafka(temporary, OptionalInt.empty())) {
            port = Integer.parseInt(kafka.bootstrapServers().split(":", -1)[1]);

            assertThatExceptionOfType(BrokerException.class)
                    .isThrownBy(() -> new EmbeddedKafka(temporary, OptionalInt.of(port)).close());
        }
        try (EmbeddedKafka next = new EmbeddedKafka(temporary, OptionalInt.of(port))) {
            assertThat(next.bootstrapServers()).endsWith(":" + port);
        }
    }

    @Test
    void spoiltFormatIsOneClearLineAndLeftAlone() throws Exception {
        Path folder = Files.createDirectories(temporary.resolve("kafka"));
        Path spoilt = Files.writeString(folder.resolve("meta.properties"), "version=1\nnode.id=7\ncluster.id=other\n");

        assertThatExceptionOfType(BrokerException.class)
                .isThrownBy(() -> start(folder))
                .withMessageContaining(folder.toString())
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
        assertThat(spoilt).content().contains("cluster.id=other");
    }

    private static EmbeddedKafka start(Path folder) throws BrokerException, InterruptedException {
        EmbeddedKafka kafka = new EmbeddedKafka(folder, OptionalInt.empty());
        kafka.start();
        return kafka;
    }
}
