package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An operator finds commands among the dead letters and has them decided after all, each once.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class DeadLettersCommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET_TEXT = "meet me at the castle";

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());

    private record Ended(int exitCode, List<String> lines) {}

    @Test
    void lettersAreListedWithoutContentAndCommandsAreDecidedOnceWhenTheyAreSentAgain() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            String talk = home.direct("alice", "bob");
            assertThat(ran("list").lines()).containsExactly("there are no dead letters");

            ConversationKey key = new ConversationKey("default", talk);
            int right = topics.inbound().partitionOf(key);
            byte[] misplaced = topics.inbound().values().serializer().serialize("", message(talk));
            append(topics.inbound(), 1 - right, key.toBytes(), misplaced);
            append(topics.inbound(), right, key.toBytes(), SECRET_TEXT.getBytes(StandardCharsets.UTF_8));
            append(topics.inbound(), 0, null, misplaced);
            append(topics.fanout(), right, key.toBytes(), new byte[] {1, 2, 3});
            await().atMost(PATIENCE).until(() -> ran("list").lines().size() == 4);

            List<String> listed = ran("list").lines();
            assertThat(listed).noneMatch(line -> line.contains("castle"));
            String command = idOf(listed, "chat.inbound.v1-" + (1 - right), "partition: this key belongs in " + right);
            String junk = idOf(listed, "chat.inbound.v1-" + right, "value: Not in the Confluent wire format");
            String keyless = idOf(listed, "chat.inbound.v1-0", "key: missing");
            String event = idOf(listed, "chat.fanout.v1-", "value: ");

            assertThat(ran("show", command).lines())
                    .anyMatch(line -> line.equals("key        default " + talk))
                    .noneMatch(line -> line.contains("castle"));
            assertThat(ran("show", command, "--content").lines()).anyMatch(line -> line.contains(SECRET_TEXT));
            assertThat(ran("show", "999")).isEqualTo(new Ended(1, List.of("999 is not among the dead letters")));

            int before = MessageLog.committed(milena.kafka(), topics.inbound().name())
                    .size();
            assertThat(ran("resend", command)).isEqualTo(new Ended(0, List.of(command + " sent again")));
            await().atMost(PATIENCE)
                    .until(() -> MessageLog.of(milena).numbers(talk).containsKey("lost"));
            assertThat(ran("resend", command)).isEqualTo(new Ended(0, List.of(command + " was sent again before")));
            Ended refused = ran("resend", keyless, event, "999");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.lines())
                    .containsExactlyInAnyOrder(
                            keyless + " has no readable key: no partition is the right one for it",
                            event + " is no command: clients and views get what it was about from the log of messages",
                            "999 is not among the dead letters");
            assertThat(MessageLog.committed(milena.kafka(), topics.inbound().name()))
                    .hasSize(before + 1);

            assertThat(sentByTwoOperators(junk)).isEqualTo(1);
            assertThat(MessageLog.committed(milena.kafka(), topics.inbound().name()))
                    .as("the junk, once")
                    .hasSize(before + 2);
            await().atMost(PATIENCE).until(() -> ran("list").lines().size() == 5);
            assertThat(ran("list").lines())
                    .filteredOn(line -> line.endsWith("(sent again)"))
                    .extracting(line -> line.split(" ", 2)[0])
                    .containsExactly(command, junk);
            assertThat(ran("list", "--limit", "2").lines()).hasSize(2);

            Ended all = ran("resend", "--all");
            assertThat(all.exitCode()).as("one has no key").isEqualTo(1);
            assertThat(all.lines())
                    .hasSize(2)
                    .contains(keyless + " has no readable key: no partition is the right one for it")
                    .anyMatch(line -> line.endsWith(" sent again"));
        }
    }

    @Test
    void misuseIsOneLine() throws Exception {
        assertThat(ran("resend")).isEqualTo(new Ended(1, List.of("milena: pass the ids of letters, or --all")));
        assertThat(ran("list", "--limit", "0"))
                .isEqualTo(new Ended(1, List.of("milena: --limit must be from 1 to 10000")));
    }

    /// @return how many of them sent it
    private long sentByTwoOperators(String id) throws Exception {
        try (ChildProcess one = start("resend", id);
                ChildProcess other = start("resend", id)) {
            one.exitCode();
            other.exitCode();
            List<String> lines = new ArrayList<>(one.lines());
            lines.addAll(other.lines());
            return lines.stream().filter((id + " sent again")::equals).count();
        }
    }

    private static String idOf(List<String> lines, String... texts) {
        return lines.stream()
                .filter(line -> List.of(texts).stream().allMatch(line::contains))
                .findFirst()
                .orElseThrow(() -> new AssertionError(List.of(texts) + " not in " + lines))
                .split(" ", 2)[0];
    }

    private Ended ran(String... arguments) throws Exception {
        try (ChildProcess run = start(arguments)) {
            return new Ended(run.exitCode(), run.lines());
        }
    }

    private ChildProcess start(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("dead-letters"));
        all.addAll(List.of(arguments));
        all.addAll(List.of(
                "--data",
                milena.data().toString(),
                "--bootstrap",
                milena.kafka().bootstrapServers()));
        return ServerJvm.start(all, Map.of());
    }

    private void append(TopicSpec<?, ?> topic, int partition, byte @Nullable [] key, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                milena.kafka().producer(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic.name(), partition, key, value))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static InboundCommand message(String talk) {
        InboundCommand command = new InboundCommand();
        command.setTenant("default");
        command.setConversationId(talk);
        command.setUserId("alice");
        command.setKind("message.send");
        command.setOrigin(new CommandOrigin("nobody", "conn", 1L));
        command.setAcceptedAt(Instant.EPOCH);
        command.setActorKind("member");
        command.setMessage(new Message("lost", new Content("text", SECRET_TEXT, null, null, null), null, null, null));
        return command;
    }
}
