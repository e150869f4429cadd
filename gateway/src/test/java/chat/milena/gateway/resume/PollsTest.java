package chat.milena.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.resume.Polls.Afresh;
import chat.milena.gateway.resume.Polls.Frames;
import chat.milena.gateway.resume.Polls.Nothing;
import chat.milena.gateway.resume.Polls.Polled;
import chat.milena.protocol.json.Json;
import chat.milena.runtime.config.Secret;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.testsupport.MovableClock;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PollsTest {
    private static final UserKey ALICE = new UserKey("default", "alice");
    private static final UserKey BOB = new UserKey("default", "bob");
    private static final int PAGE = 100;
    private static final int LOG_END = 100;

    private final TopicSpec<ShardKey, Delivery> topic =
            new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).deliveries();
    private final TopicPartition partition = new TopicPartition(topic.name(), 0);
    private final MovableClock clock = new MovableClock();
    private final ResumeTokens tokens =
            new ResumeTokens(new Secret("a secret of this test"), Duration.ofHours(1), clock, List.of());
    private final RecentDeliveries recent = new RecentDeliveries(ResumeConfig.DEFAULT.recent(), clock, clock::nanos);
    private final AtomicInteger woken = new AtomicInteger();
    private final Polls polls =
            polls(ResumeConfig.DEFAULT, new LogScan(new DeliveryCodec(topic), this::log, ResumeConfig.DEFAULT.scans()));
    private final ShardFeed feed = ShardFeed.pipeline(recent, polls.wakes());
    private long offset = LOG_END;

    private Polls polls(ResumeConfig config, LogScan scan) {
        return new Polls(tokens, recent, scan, config, 1, clock);
    }

    private MockConsumer<byte[], byte[]> log() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.schedulePollTask(() -> {
            for (long at = 0; at < LOG_END; at++) {
                byte[] value = topic.values().serializer().serialize(topic.name(), message("c1", at));
                consumer.addRecord(new ConsumerRecord<>(topic.name(), 0, at, new ShardKey(0).toBytes(), value));
            }
        });
        return consumer;
    }

    private static Delivery message(String conversationId, long number) {
        return Deliveries.event("default", conversationId, number, "hi", "alice");
    }

    private static Delivery removal(String conversationId, long number) {
        Delivery left = message(conversationId, number);
        left.getEvent().setKind("member.removed");
        left.getEvent().setMessage(null);
        left.getEvent().setParticipants(List.of(new Participant("alice", "member")));
        return left;
    }

    private void deliver(Delivery delivery) {
        feed.accept(Deliveries.written(0, offset++, clock.millis(), delivery));
    }

    private String cursor(long at) {
        return tokens.write(ALICE, new ResumePosition(1, 0, at));
    }

    private Polled poll(String cursor) {
        return polls.poll(ALICE, polls.position(ALICE, cursor), woken::incrementAndGet);
    }

    private Frames frames(String cursor) {
        Polled polled = poll(cursor);
        assertThat(polled).isInstanceOf(Frames.class);
        return (Frames) polled;
    }

    private static List<JsonNode> bodies(Frames polled) {
        return polled.frames().stream()
                .map(frame -> Json.parse(frame.toString()).orElseThrow())
                .toList();
    }

    private static List<Long> numbers(Frames polled) {
        return bodies(polled).stream()
                .map(frame -> frame.at("/payload/sequenceNumber").asLong())
                .toList();
    }

    @Test
    void pagesFollowEachOtherWithoutAGapAndRepeat() {
        feed.begun(0, LOG_END);
        for (long number = 0; number < 2 * PAGE + 1; number++) {
            deliver(message("c1", number));
        }

        Frames first = frames(cursor(LOG_END));
        Frames second = frames(first.cursor());
        Frames third = frames(second.cursor());

        assertThat(numbers(first)).hasSize(PAGE).startsWith(0L).isEqualTo(numbers(frames(cursor(LOG_END))));
        assertThat(numbers(second)).hasSize(PAGE).startsWith((long) PAGE);
        assertThat(numbers(third)).containsExactly(2L * PAGE);
        assertThat(poll(third.cursor())).isInstanceOf(Nothing.class);
    }

    @Test
    void whoWaitsIsWokenByWhatComes() {
        feed.begun(0, LOG_END);
        assertThat(poll(cursor(LOG_END))).isInstanceOf(Nothing.class);

        deliver(Deliveries.event("default", "c1", 1, "hi", "bob"));
        assertThat(woken).hasValue(0);
        deliver(message("c1", 2));
        assertThat(woken).hasValue(1);
        assertThat(numbers(frames(cursor(LOG_END)))).containsExactly(2L);
        deliver(message("c1", 3));
        assertThat(woken).hasValue(1);
    }

    @Test
    void messageThatHasExpiredMeanwhileIsNamedNotShown() {
        feed.begun(0, LOG_END);
        Delivery brief = message("c1", 1);
        brief.getEvent().getMessage().setExpiresAt(clock.instant().plusSeconds(10));
        deliver(brief);
        deliver(message("c1", 2));
        assertThat(bodies(frames(cursor(LOG_END))).getFirst().path("type").asText())
                .isEqualTo("message.new");

        clock.advance(Duration.ofSeconds(10));
        List<JsonNode> frames = bodies(frames(cursor(LOG_END)));

        assertThat(frames)
                .extracting(frame -> frame.path("type").asText())
                .containsExactly("messages.offline", "message.new");
        assertThat(frames.getFirst().at("/payload/expired/0/from").asLong()).isEqualTo(1);
        assertThat(frames.getFirst().at("/payload/messages")).isEmpty();
    }

    @Test
    void whoWasRemovedIsToldOfThatAloneThoughItLiesBeyondThePage() {
        feed.begun(0, LOG_END);
        for (long number = 1; number <= 2 * PAGE; number++) {
            deliver(message("c1", number));
        }
        deliver(message("c2", 7));
        deliver(removal("c1", 2 * PAGE + 1));

        Frames polled = frames(cursor(LOG_END));

        assertThat(bodies(polled))
                .extracting(
                        frame -> frame.path("type").asText(),
                        frame -> frame.at("/payload/conversationId").asText())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("message.new", "c2"),
                        org.assertj.core.groups.Tuple.tuple("conversation.left", "c1"));
        assertThat(poll(polled.cursor())).isInstanceOf(Nothing.class);
    }

    @Test
    void messagesThatTheUserClearedSinceAreNotSent() {
        feed.begun(0, LOG_END);
        for (long number = 1; number <= 3; number++) {
            deliver(message("c1", number));
            deliver(message("c2", number));
        }
        deliver(Deliveries.receipt("c1", "read", "bob", 2, "alice"));
        Delivery cleared = message("c1", 0);
        cleared.setEvent(null);
        cleared.setPersonal(new ShownPersonal(true, false, false, false, null, 2L, null, null));
        deliver(cleared);

        List<JsonNode> frames = bodies(frames(cursor(LOG_END)));

        assertThat(frames)
                .extracting(frame -> frame.path("type").asText() + " "
                        + frame.at("/payload/conversationId").asText()
                        + frame.at("/payload/sequenceNumber").asText())
                .containsExactly(
                        "message.new c21",
                        "message.new c22",
                        "message.new c13",
                        "message.new c23",
                        "message.read_receipt c1",
                        "conversation.personal c1");
    }

    @Test
    void whatIsNoLongerAtHandComesFromTheLog() {
        feed.begun(0, LOG_END);
        deliver(message("c1", LOG_END));

        assertThat(numbers(frames(cursor(LOG_END - 2)))).containsExactly(98L, 99L, 100L);
    }

    @Test
    void placesToReadTheLogAreLeftForOthers() throws Exception {
        ResumeConfig usual = ResumeConfig.DEFAULT;
        ResumeConfig config = new ResumeConfig(usual.recent(), usual.missed(), usual.scans(), Duration.ofMillis(200));
        assertThat(config.scans().max()).isEqualTo(2);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        LogScan scan = new LogScan(
                new DeliveryCodec(topic),
                () -> {
                    if (begun.getCount() > 0) {
                        begun.countDown();
                        awaitQuietly(end);
                    }
                    return log();
                },
                config.scans());
        Polls narrow = polls(config, scan);
        feed.begun(0, LOG_END);
        CompletableFuture<Polled> first = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> first.complete(narrow.poll(ALICE, polls.position(ALICE, cursor(90)), () -> {})));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        try {
            assertThat(narrow.poll(ALICE, polls.position(ALICE, cursor(80)), () -> {}))
                    .isInstanceOf(Afresh.class);
            assertThat(scan.read(0, 90, LOG_END, System.nanoTime() + TimeUnit.SECONDS.toNanos(20)))
                    .hasSize(10);
        } finally {
            end.countDown();
        }
        first.get(10, TimeUnit.SECONDS);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void cursorIsKnownForItsUserWhileItIsGood() {
        String cursor = cursor(90);

        assertThat(polls.position(ALICE, cursor)).isNotNull();
        assertThat(polls.position(BOB, cursor)).isNull();
        assertThat(polls.position(ALICE, "none")).isNull();
        assertThat(polls.position(ALICE, null)).isNull();
        clock.advance(Duration.ofHours(2));
        assertThat(polls.position(ALICE, cursor)).isNull();
    }
}
