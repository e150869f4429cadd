package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// All commands of a run are decided again in a fresh folder, and the events are those of the first time.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class RerunIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());

    private record Ended(int exitCode, List<String> lines) {}

    @Test
    void commandsGiveTheSameEventsAndAForgedEventIsFound() throws Exception {
        String talk;
        try (Tenant home = Tenant.ofDefault(milena)) {
            talk = home.direct("alice", "bob");
            chat(home, talk);
            chat(home, home.group("alice", "bob", "carol"));
        }
        int events = MessageLog.of(milena).conversations().values().stream()
                .mapToInt(List::size)
                .sum();
        milena.stop();

        Ended equal = rerun("again");
        assertThat(equal.lines()).last().isEqualTo(events + " events are equal, byte for byte");
        assertThat(equal.exitCode()).isZero();
        assertThat(rerun("again").lines())
                .singleElement()
                .asString()
                .contains("again exists: name a new folder with --into");

        milena.start();
        forge(talk);
        milena.stop();
        Ended different = rerun("after a forgery");
        assertThat(different.exitCode()).isEqualTo(1);
        assertThat(different.lines())
                .contains(
                        "conversation " + talk + " of tenant default differs from number 3 on",
                        "1 conversations differ");
    }

    /// Some of everything that makes events, with commands between that make none.
    private static void chat(Tenant home, String talk) throws Exception {
        String path = "/api/v1/conversations/" + talk;
        for (int i = 1; i <= 20; i++) {
            assertThat(home.posts(i % 2 == 0 ? "alice" : "bob", talk, "m" + i, "text " + i)
                            .status())
                    .isEqualTo(201);
            assertThat(home.posts("mallory", talk, "no" + i, "text").status()).isGreaterThan(400);
            assertThat(home.posts(i % 2 == 0 ? "alice" : "bob", talk, "m" + i, "text " + i)
                            .error())
                    .isEqualTo("DUPLICATE_MESSAGE");
        }
        String edit = "{\"content\":{\"type\":\"text\",\"text\":\"other\"}}";
        String thread =
                "{\"messageId\":\"reply\",\"threadOf\":\"m4\",\"content\":{\"type\":\"text\",\"text\":\"yes\"}}";
        String alice = home.tokenOf("alice");
        String bob = home.tokenOf("bob");
        for (Rest.Answer answer : List.of(
                home.rest().call("PATCH", path + "/messages/m4", alice, edit),
                home.rest().call("PUT", path + "/messages/m4/reactions/%F0%9F%91%8D", bob, ""),
                home.rest().call("PUT", path + "/messages/m5/pin", alice, ""),
                home.rest().call("POST", path + "/messages", bob, thread),
                home.rest().call("POST", path + "/read", bob, "{\"upToSequence\":10}"),
                home.rest().call("DELETE", path + "/messages/m6", alice, ""))) {
            assertThat(answer.status()).as(answer.text()).isLessThan(300);
        }
    }

    /// Somebody writes another text into the log.
    private void forge(String talk) throws Exception {
        EventKey key = new EventKey(new ConversationKey("default", talk), 3);
        TimelineEvent event = MessageLog.of(milena).events("default", talk).get(2);
        event.getMessage().getContent().setText("I owe you a castle");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                milena.kafka().producer(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            topics.messages().name(),
                            topics.messages().partitionOf(key),
                            key.toBytes(),
                            topics.messages().values().serializer().serialize("", event)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private Ended rerun(String into) throws Exception {
        try (ChildProcess run = ServerJvm.start(
                List.of(
                        "rerun",
                        "--data",
                        milena.data().toString(),
                        "--into",
                        milena.scratch(into).toString()),
                Map.of())) {
            return new Ended(run.exitCode(), run.lines());
        }
    }
}
