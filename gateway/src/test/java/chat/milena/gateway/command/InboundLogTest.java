package chat.milena.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.gateway.command.CommandLog.When;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.ChangeProfile;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InboundLogTest {
    private static final Duration GATHER = Duration.ofMillis(10);
    private static final When LONG = new When(Duration.ZERO, Duration.ofSeconds(15));

    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());
    private final TopicSpec<ConversationKey, InboundCommand> topic = topics.inbound();
    private final MockProducer<LogKey, InboundCommand> producer = new MockProducer<>(
            false, null, (name, key) -> key.toBytes(), topic.values().serializer());
    private final CommandFactory commands = new CommandFactory("gw", Clock.systemUTC());
    private final List<Long> failed = new CopyOnWriteArrayList<>();
    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final InboundLog log =
            log(new InboundConfig(3, 3, Duration.ZERO, GATHER, Duration.ofSeconds(1), Duration.ofSeconds(1)));

    private InboundLog log(InboundConfig config) {
        return log(config, producer);
    }

    private InboundLog log(InboundConfig config, Producer<LogKey, InboundCommand> appends) {
        return new InboundLog(topic, topics.userCommands(), appends, config, new SimpleMeterRegistry(), fatal::add);
    }

    private InboundCommand command(String conversationId) {
        return command("default", conversationId);
    }

    private InboundCommand command(String tenant, String conversationId) {
        Message message = new Message("m1", new Content("text", "hi", null, null, null), null, null, null);
        return commands.send(new Caller(new UserKey(tenant, "alice"), false), "conn", conversationId, message);
    }

    private static When after(Duration after) {
        return new When(after, Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() {
        producer.errorNext(new IllegalStateException("the test is over"));
        log.close();
    }

    @Test
    void commandsGoToTheirConversationsPartitionInOrder() {
        log.start();
        List<InboundCommand> all =
                IntStream.range(0, 20).mapToObj(i -> command("c" + i % 3)).toList();
        for (InboundCommand command : all) {
            await().until(() -> log.append(command, LONG, failed::add));
        }

        await().until(() -> producer.history().size() == 20);
        assertThat(producer.history()).extracting(ProducerRecord::value).isEqualTo(all);
        assertThat(producer.history()).allSatisfy(record -> {
            ConversationKey key = new ConversationKey("default", record.value().getConversationId());
            assertThat(record.topic()).isEqualTo("chat.inbound.v1");
            assertThat(record.key()).isEqualTo(key);
            assertThat(record.partition()).isEqualTo(topic.partitionOf(key));
        });
    }

    @Test
    void fullQueueRefuses() {
        for (int i = 0; i < 3; i++) {
            assertThat(log.append(command("c1"), LONG, failed::add)).isTrue();
        }

        assertThat(log.append(command("c1"), LONG, failed::add)).isFalse();
        assertThat(failed).isEmpty();
        log.start();
        await().until(() -> log.append(command("c1"), LONG, failed::add));
    }

    @Test
    void failedAppendIsTold() {
        log.start();
        InboundCommand command = command("c1");
        log.append(command, LONG, failed::add);
        await().until(() -> producer.errorNext(new TimeoutException("broker away")));

        assertThat(failed).containsExactly(command.getOrigin().getCommandId());
        assertThat(fatal).isEmpty();
    }

    @Test
    void producerThatCanNeverWorkIsReported() {
        log.start();
        log.append(command("c1"), LONG, failed::add);
        await().until(() -> producer.errorNext(new TopicAuthorizationException("no")));

        assertThat(failed).hasSize(1);
        assertThat(fatal).hasSize(1);
    }

    @Test
    void commandsOnAUsersOwnStateStandInTheLogOfUsers() {
        log.start();
        UserKey alice = new UserKey("default", "alice");
        log.append(
                commands.profile(new Caller(alice, false), "rest", new ChangeProfile("Alice", null, null)),
                LONG,
                failed::add);
        await().until(() -> producer.history().size() == 1);

        ProducerRecord<LogKey, InboundCommand> record = producer.history().getFirst();
        assertThat(record.topic()).isEqualTo(topics.userCommands().name());
        assertThat(record.key()).isEqualTo(alice);
        assertThat(record.partition()).isEqualTo(topics.userCommands().partitionOf(alice));
    }

    @Test
    void whateverEndsItsThreadIsReportedAndNothingIsTakenAnyLonger() {
        Error expected = new AssertionError("expected by this test");
        MockProducer<LogKey, InboundCommand> broken =
                new MockProducer<>(
                        true, null, (name, key) -> key.toBytes(), topic.values().serializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<LogKey, InboundCommand> record, Callback callback) {
                        throw expected;
                    }
                };
        try (InboundLog dying = log(InboundConfig.DEFAULT, broken)) {
            dying.append(command("c1"), LONG, failed::add);
            dying.append(command("c1"), LONG, failed::add);
            dying.start();

            await().until(() -> failed.size() == 2 && fatal.equals(List.of(expected)));
            assertThat(dying.append(command("c1"), LONG, failed::add)).isFalse();
        }
    }

    @Test
    void commandThatWaitedTooLongForItsOwnSenderIsNotAppended() {
        InboundCommand hasty = command("c1");
        InboundCommand patient = command("c1");
        log.append(hasty, new When(Duration.ZERO, Duration.ZERO), failed::add);
        log.append(patient, LONG, failed::add);

        log.start();

        await().until(() -> producer.history().size() == 1);
        assertThat(failed).containsExactly(hasty.getOrigin().getCommandId());
        assertThat(producer.history()).extracting(ProducerRecord::value).containsExactly(patient);
    }

    @Test
    void commandThatIsToWaitLetsOthersPassAndKeepsTheOrderOfItsConversation() {
        InboundCommand waiting = command("c1");
        InboundCommand behind = command("c1");
        InboundCommand passing = command("c2");
        log.append(waiting, after(Duration.ofSeconds(1)), failed::add);
        log.append(behind, after(Duration.ZERO), failed::add);
        log.append(passing, after(Duration.ZERO), failed::add);

        log.start();

        await().until(() -> producer.history().size() == 3);
        assertThat(producer.history()).extracting(ProducerRecord::value).containsExactly(passing, waiting, behind);
    }

    @Test
    void whoComesBehindMoreThanAreTakenAtOnceDoesNotWaitForTheirTurns() {
        InboundLog roomy = log(
                new InboundConfig(5_000, 5_000, Duration.ZERO, GATHER, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        for (int i = 0; i < 2_000; i++) {
            roomy.append(command("acme", "c" + i), after(Duration.ofMinutes(1).minusMillis(1)), failed::add);
        }
        InboundCommand passing = command("shop", "c1");
        roomy.append(passing, LONG, failed::add);

        roomy.start();
        await().until(() -> !producer.history().isEmpty());

        assertThat(producer.history()).extracting(ProducerRecord::value).containsExactly(passing);
        roomy.close();
        assertThat(producer.history()).hasSize(2_001);
        assertThat(failed).isEmpty();
    }

    @Test
    void commandsThatAreToWaitTakePlacesAndAreAppendedWhenItCloses() {
        log.start();
        List<InboundCommand> waiting = List.of(command("c1"), command("c2"));
        waiting.forEach(command -> assertThat(log.append(command, after(Duration.ofSeconds(59)), failed::add))
                .isTrue());
        InboundCommand due = command("c3");
        log.append(due, LONG, failed::add);

        await().until(() -> !producer.history().isEmpty());
        assertThat(producer.history()).extracting(ProducerRecord::value).containsExactly(due);
        assertThat(log.append(command("c4"), after(Duration.ofSeconds(59)), failed::add))
                .isTrue();
        assertThat(log.append(command("c5"), LONG, failed::add)).isFalse();
        log.close();

        assertThat(producer.history()).hasSize(4);
        assertThat(producer.history()).extracting(ProducerRecord::value).containsAll(waiting);
        assertThat(failed).isEmpty();
    }

    @Test
    void oneTenantLeavesPlacesToTheOthers() {
        InboundLog shared =
                log(new InboundConfig(4, 2, Duration.ZERO, GATHER, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        assertThat(shared.append(command("shop", "c1"), LONG, failed::add)).isTrue();
        assertThat(shared.append(command("acme", "c1"), LONG, failed::add)).isTrue();
        assertThat(shared.append(command("acme", "c2"), LONG, failed::add)).isTrue();

        assertThat(shared.append(command("acme", "c3"), LONG, failed::add)).isFalse();
        assertThat(shared.append(command("shop", "c2"), LONG, failed::add)).isTrue();
        assertThat(shared.append(command("shop", "c3"), LONG, failed::add)).isFalse();
        shared.start();
        await().until(() -> shared.append(command("acme", "c3"), LONG, failed::add));
        shared.close();
    }

    @Test
    void commandWhoseTurnComesTooLateIsRefusedAtOnce() {
        When late = new When(Duration.ofSeconds(2), Duration.ofSeconds(1));

        assertThat(log.append(command("c1"), late, failed::add)).isFalse();
        assertThat(failed).isEmpty();
    }

    @Test
    void closingAppendsWhatWasTakenAndTakesNoMore() {
        log.append(command("c1"), LONG, failed::add);
        log.append(command("c2"), LONG, failed::add);
        log.start();

        log.close();

        assertThat(producer.history()).hasSize(2);
        assertThat(producer.closed()).isTrue();
        assertThat(log.append(command("c1"), LONG, failed::add)).isFalse();
    }
}
