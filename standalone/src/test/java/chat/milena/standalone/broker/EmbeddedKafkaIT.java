package chat.milena.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final UnixOperatingSystemMXBean OPEN_HANDLES =
            (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Far below the 45 s after which a group gives up a member that fell silent.
    private static final Duration NO_SESSION_TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path temporary;

    /// Commits one value, leaves another uncommitted, and waits to be killed.
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            EmbeddedKafka kafka = new EmbeddedKafka(Path.of(arguments[0]), KafkaProbe.LOGIN, OptionalInt.empty());
            kafka.start();
            if (arguments[1].equals("1")) {
                KafkaProbe.makeTopic(KafkaProbe.clients(kafka));
            }
            try (KafkaProducer<String, String> producer = KafkaProbe.transactionalProducer(KafkaProbe.clients(kafka))) {
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
            try (ChildProcess victim = ChildProcess.start(Victim.class, List.of(folder.toString(), round), Map.of())) {
                await().atMost(PATIENCE).until(() -> victim.printed("written") || !victim.isAlive());
                assertThat(victim.lines()).contains("written");
                victim.kill();
            }
        }

        EmbeddedKafka kafka = start(folder);
        try (KafkaProducer<String, String> producer = KafkaProbe.transactionalProducer(KafkaProbe.clients(kafka))) {
            KafkaProbe.commit(producer, "afterwards");

            assertThat(KafkaProbe.committed(KafkaProbe.clients(kafka)))
                    .containsExactly("committed 1", "committed 2", "committed 3", "afterwards");
        } finally {
            kafka.stop(PATIENCE);
        }
    }

    @Test
    void startAfterAKillDoesNotWaitForTheSessionOfTheKilled() throws Exception {
        Path folder = temporary.resolve("kafka");
        for (String round : List.of("1", "2")) {
            try (ChildProcess victim = ChildProcess.start(Victim.class, List.of(folder.toString(), round), Map.of())) {
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
                KafkaProbe.makeTopic(KafkaProbe.clients(kafka));
            }
            try (var producer = KafkaProbe.transactionalProducer(KafkaProbe.clients(kafka));
                    var member = KafkaProbe.member(KafkaProbe.clients(kafka))) {
                KafkaProbe.commit(producer, "round " + round);
                KafkaProbe.awaitAssignment(member, NO_SESSION_TIMEOUT);
            }
            if (round == 3) {
                assertThat(KafkaProbe.committed(KafkaProbe.clients(kafka)))
                        .containsExactly("round 1", "round 2", "round 3");
            }
            kafka.stop(PATIENCE);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
    }

    @Test
    void recordsOfAClockThatRanAheadAreTaken() throws Exception {
        EmbeddedKafka kafka = start(temporary.resolve("kafka"));
        try (KafkaProducer<String, String> producer = KafkaProbe.transactionalProducer(KafkaProbe.clients(kafka))) {
            KafkaProbe.makeTopic(KafkaProbe.clients(kafka));
            long nextYear = System.currentTimeMillis() + Duration.ofDays(365).toMillis();

            producer.beginTransaction();
            producer.send(new ProducerRecord<>(KafkaProbe.TOPIC, null, nextYear, null, "ahead"))
                    .get();
            producer.commitTransaction();

            assertThat(KafkaProbe.committed(KafkaProbe.clients(kafka))).containsExactly("ahead");
        } finally {
            kafka.stop(PATIENCE);
        }
    }

    @Test
    void nobodyGetsInWithoutThePassword() throws Exception {
        EmbeddedKafka kafka = start(temporary.resolve("kafka"));
        try {
            KafkaProbe.makeTopic(KafkaProbe.clients(kafka));
            Map<String, String> login = KafkaProbe.LOGIN.clientProperties();
            Map<String, String> otherPassword =
                    new BrokerLogin(new Secret("another-password-that-is-as-long-as-the-first")).clientProperties();
            Map<String, String> otherUser = new HashMap<>(login);
            otherUser.computeIfPresent("sasl.jaas.config", (_, jaas) -> jaas.replace("\"milena\"", "\"admin\""));
            Map<String, String> otherMechanism = new HashMap<>(login);
            otherMechanism.put("sasl.mechanism", "PLAIN");
            otherMechanism.computeIfPresent(
                    "sasl.jaas.config", (_, jaas) -> jaas.replace("scram.ScramLoginModule", "plain.PlainLoginModule"));

            assertThat(listsTopics(kafka, login)).isTrue();
            for (Map<String, String> refused :
                    List.of(Map.<String, String>of(), otherPassword, otherUser, otherMechanism)) {
                assertThat(listsTopics(kafka, refused)).isFalse();
            }
        } finally {
            kafka.stop(PATIENCE);
        }
    }

    @Test
    void silentConnectionsTakeABoundedPartOfOurHandles() throws Exception {
        EmbeddedKafka kafka = start(temporary.resolve("kafka"));
        List<Socket> silent = new ArrayList<>();
        try {
            KafkaProbe.makeTopic(KafkaProbe.clients(kafka));
            String address = kafka.bootstrapServers();
            int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
            long before = OPEN_HANDLES.getOpenFileDescriptorCount();
            // As many more as the system queues for a listener that accepts no longer.
            for (int i = 0; i < 500 + 40; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);

            assertThat(OPEN_HANDLES.getOpenFileDescriptorCount() - before).isLessThan(500 + 40 + 520);
            for (Socket socket : silent) {
                socket.close();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> listsTopics(kafka, KafkaProbe.LOGIN.clientProperties()));
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
            kafka.stop(PATIENCE);
        }
    }

    private static boolean listsTopics(EmbeddedKafka kafka, Map<String, String> login) throws InterruptedException {
        Map<String, Object> properties =
                new HashMap<>(KafkaClients.of(kafka.bootstrapServers(), login).admin());
        properties.put("request.timeout.ms", 3_000);
        properties.put("default.api.timeout.ms", 3_000);
        try (Admin admin = Admin.create(properties)) {
            return admin.listTopics().names().get().contains(KafkaProbe.TOPIC);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOfAny(AuthenticationException.class, TimeoutException.class);
            return false;
        }
    }

    @Test
    void passwordMayBeAnotherOneAtEachStartAndLogsAreClosedToOtherUsers() throws Exception {
        Path folder = temporary.resolve("kafka");
        for (String password : List.of("first-password-of-this-folder-32", "second-password-of-this-folder-3")) {
            BrokerLogin login = new BrokerLogin(new Secret(password));
            EmbeddedKafka kafka = new EmbeddedKafka(folder, login, OptionalInt.empty());
            kafka.start();
            try {
                if (password.startsWith("first")) {
                    KafkaProbe.makeTopic(KafkaClients.of(kafka.bootstrapServers(), login.clientProperties()));
                }
                assertThat(listsTopics(kafka, login.clientProperties())).isTrue();
            } finally {
                kafka.stop(PATIENCE);
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
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
                    .isThrownBy(() -> new EmbeddedKafka(temporary, KafkaProbe.LOGIN, OptionalInt.of(port)))
                    .withMessage("port " + port + " (for Kafka) is in use");
        }
    }

    @Test
    void portIsHeldFromTheBeginningUntilItIsGivenUp() throws Exception {
        int port;
        try (EmbeddedKafka kafka = new EmbeddedKafka(temporary, KafkaProbe.LOGIN, OptionalInt.empty())) {
            port = Integer.parseInt(kafka.bootstrapServers().split(":", -1)[1]);

            assertThatExceptionOfType(BrokerException.class)
                    .isThrownBy(() -> new EmbeddedKafka(temporary, KafkaProbe.LOGIN, OptionalInt.of(port)).close());
        }
        try (EmbeddedKafka next = new EmbeddedKafka(temporary, KafkaProbe.LOGIN, OptionalInt.of(port))) {
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
        EmbeddedKafka kafka = new EmbeddedKafka(folder, KafkaProbe.LOGIN, OptionalInt.empty());
        kafka.start();
        return kafka;
    }
}
