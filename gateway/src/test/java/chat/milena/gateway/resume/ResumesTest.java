package chat.milena.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.resume.Resumes.Begun;
import chat.milena.gateway.session.InitialFrames;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.protocol.json.Json;
import chat.milena.runtime.config.Secret;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.testsupport.MovableClock;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResumesTest {
    private static final UserKey ALICE = new UserKey("default", "alice");
    private static final long NOT_REGISTERED = -1;

    private final TopicSpec<ShardKey, Delivery> topic =
            new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).deliveries();
    private final TopicPartition partition = new TopicPartition(topic.name(), 0);
    private final MovableClock clock = new MovableClock();
    private SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ResumeTokens tokens =
            new ResumeTokens(new Secret("a secret of this test"), Duration.ofHours(1), clock, List.of());
    private final AtomicLong registeredAt = new AtomicLong(NOT_REGISTERED);
    private final AtomicInteger scans = new AtomicInteger();
    /// The first offset that the log still has, and the first that it does not have yet.
    private long logBegin;

    private long logEnd = 100;
    private RecentDeliveries recent = new RecentDeliveries(ResumeConfig.DEFAULT.recent(), clock, clock::nanos);
    private ShardFeed feed = recent;
    private Resumes resumes = resumes(ResumeConfig.DEFAULT);

    private Resumes resumes(ResumeConfig config) {
        // Of its own: the gauges of another one would go with it.
        meters = new SimpleMeterRegistry();
        recent = new RecentDeliveries(config.recent(), clock, clock::nanos);
        feed = recent;
        return new Resumes(
                tokens,
                recent,
                new LogScan(new DeliveryCodec(topic), this::log, config.scans()),
                config,
                1,
                clock,
                meters);
    }

    private static ResumeConfig bounded(int deliveries, long bytes, long bytesOfAll, Duration within) {
        ResumeConfig usual = ResumeConfig.DEFAULT;
        return new ResumeConfig(
                usual.recent(), new ResumeConfig.Behind(deliveries, bytes, bytesOfAll), usual.scans(), within);
    }

    private MockConsumer<byte[], byte[]> log() {
        scans.incrementAndGet();
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        consumer.updateBeginningOffsets(Map.of(partition, logBegin));
        consumer.schedulePollTask(() -> {
            for (long offset = logBegin; offset < logEnd; offset++) {
                consumer.addRecord(new ConsumerRecord<>(
                        topic.name(), 0, offset, new ShardKey(0).toBytes(), value(message(offset))));
            }
        });
        return consumer;
    }

    private byte[] value(Delivery delivery) {
        return topic.values().serializer().serialize(topic.name(), delivery);
    }

    private static Delivery message(long number) {
        return Deliveries.event("default", "c1", number, "hi", "alice");
    }

    private void deliver(long offset, Delivery delivery) {
        feed.accept(Deliveries.written(0, offset, clock.millis(), delivery));
    }

    private String token(long offset) {
        return tokens.write(ALICE, new ResumePosition(1, 0, offset));
    }

    private Begun begin(String token) {
        registeredAt.set(NOT_REGISTERED);
        return resumes.begin(new Subscriber(), token);
    }

    private final class Subscriber implements LiveSubscriber {
        @Override
        public UserKey user() {
            return ALICE;
        }

        @Override
        public void attached(long offset) {
            registeredAt.set(offset);
        }
    }

    private static List<JsonNode> frames(Begun begun) {
        InitialFrames first = begun.frames(ServerFrames.ok("first"));
        List<JsonNode> frames = new ArrayList<>();
        for (ServerFrame frame = first.next(); frame != null; frame = first.next()) {
            frames.add(Json.parse(frame.toString()).orElseThrow());
        }
        assertThat(frames.removeFirst().path("id").asText()).isEqualTo("first");
        return frames;
    }

    private static List<Long> numbers(Begun begun) {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode frame : frames(begun)) {
            frame.at("/payload/messages")
                    .forEach(entry -> numbers.add(entry.path("sequenceNumber").asLong()));
        }
        return numbers;
    }

    private void assertMustSync(Begun begun, ResumeResult why) {
        assertThat(begun.resumed()).isFalse();
        assertThat(begun.token()).isNotNull();
        assertThat(frames(begun)).isEmpty();
        assertThat(registeredAt).hasValue(0);
        assertThat(times(why)).isEqualTo(1);
        assertThat(missedBytes()).isZero();
    }

    private double times(ResumeResult result) {
        return meters.counter("milena.gateway.resumes", "result", result.word()).count();
    }

    private double missedBytes() {
        return meters.get("milena.gateway.resume.missed.bytes").gauge().value();
    }

    @Test
    void whatIsAtHandIsBroughtAndLiveBeginsBehindIt() {
        feed.begun(0, 100);
        deliver(100, message(1));
        deliver(101, Deliveries.event("default", "c1", 2, "hi", "bob"));
        deliver(102, Deliveries.event("shop", "c1", 3, "hi", "alice"));
        deliver(103, message(4));

        Begun begun = begin(token(100));

        assertThat(begun.resumed()).isTrue();
        assertThat(registeredAt).hasValue(104);
        assertThat(tokens.read(ALICE, String.valueOf(begun.token()))).isEqualTo(new ResumePosition(1, 0, 100));
        assertThat(tokens.read(ALICE, String.valueOf(begun.tokenBehind()))).isEqualTo(new ResumePosition(1, 0, 104));
        assertThat(missedBytes()).isEqualTo(value(message(1)).length + value(message(4)).length);
        assertThat(numbers(begun)).containsExactly(1L, 4L);
        assertThat(missedBytes()).isZero();
        assertThat(times(ResumeResult.RECENT)).isEqualTo(1);
    }

    @Test
    void whatIsNoLongerAtHandComesFromTheLogOnceForAll() {
        feed.begun(0, 100);
        deliver(100, message(100));

        assertThat(numbers(begin(token(90)))).containsExactly(90L, 91L, 92L, 93L, 94L, 95L, 96L, 97L, 98L, 99L, 100L);
        assertThat(numbers(begin(token(95)))).containsExactly(95L, 96L, 97L, 98L, 99L, 100L);
        assertThat(registeredAt).hasValue(101);
        assertThat(scans).hasValue(1);
        assertThat(times(ResumeResult.LOG)).isEqualTo(1);
        assertThat(times(ResumeResult.RECENT)).isEqualTo(1);
    }

    @Test
    void logThatDoesNotGoBackAsFarIsNeverHalfOfIt() {
        logBegin = 91;
        feed.begun(0, 100);

        assertMustSync(begin(token(90)), ResumeResult.TOO_OLD);
    }

    @Test
    void moreThanAClientMayMissMustBeSynced() {
        resumes = resumes(bounded(9, 1_000_000, 1_000_000, Duration.ofSeconds(5)));
        feed.begun(0, 100);

        assertMustSync(begin(token(90)), ResumeResult.TOO_MUCH);
        assertThat(begin(token(95)).resumed()).isTrue();
    }

    @Test
    void moreBytesThanAClientMayMissMustBeSynced() {
        resumes = resumes(bounded(1_000, 500, 1_000_000, Duration.ofSeconds(5)));
        feed.begun(0, 100);

        assertMustSync(begin(token(90)), ResumeResult.TOO_MUCH);
    }

    @Test
    void whenAllTogetherMissedTooMuchOthersMustSyncUntilItIsWritten() {
        resumes = resumes(bounded(1_000, 1_000_000, 600, Duration.ofSeconds(5)));
        feed.begun(0, 100);
        for (long offset = 100; offset < 105; offset++) {
            deliver(offset, message(offset));
        }
        Begun first = begin(token(100));
        assertThat(first.resumed()).isTrue();

        assertThat(begin(token(90)).resumed()).isFalse();
        assertThat(times(ResumeResult.BUSY)).isEqualTo(1);
        InitialFrames frames = first.frames(ServerFrames.ok("first"));
        frames.discard();
        frames.discard();
        assertThat(frames.next()).isNull();
        assertThat(missedBytes()).isZero();
    }

    @Test
    void whoLeftMeanwhileIsToldOfThatAlone() {
        feed.begun(0, 100);
        deliver(100, message(1));
        deliver(101, Deliveries.event("default", "c2", 7, "hi", "alice"));
        Delivery left = message(2);
        left.getEvent().setKind("member.removed");
        left.getEvent().setMessage(null);
        left.getEvent().setParticipants(List.of(new Participant("alice", "member")));
        deliver(102, left);

        List<JsonNode> frames = frames(begin(token(100)));

        assertThat(frames)
                .extracting(
                        frame -> frame.path("type").asText(),
                        frame -> frame.at("/payload/conversationId").asText())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("conversation.left", "c1"),
                        org.assertj.core.groups.Tuple.tuple("messages.offline", "c2"));
        assertThat(missedBytes()).isZero();
    }

    @Test
    void tokenOfAnotherNumberOfShardsIsNone() {
        feed.begun(0, 100);

        assertMustSync(begin(tokens.write(ALICE, new ResumePosition(2, 0, 100))), ResumeResult.TOKEN);
    }

    @Test
    void readerThatIsNotYetThereIsWaitedFor() throws Exception {
        feed.begun(0, 100);
        Thread reader = Thread.startVirtualThread(() -> {
            deliver(100, message(1));
            deliver(101, message(2));
            deliver(102, message(3));
        });

        Begun begun = begin(token(102));

        assertThat(begun.resumed()).isTrue();
        reader.join();
        assertThat(registeredAt.get()).isIn(102L, 103L);
    }

    @Test
    void placeThatTheLogNeverComesToIsNone() {
        resumes = resumes(bounded(1_000, 1_000_000, 1_000_000, Duration.ofMillis(200)));
        feed.begun(0, 100);

        assertMustSync(begin(token(5_000)), ResumeResult.TOO_OLD);
    }

    @Test
    void shardThatIsNotReadHasNoTokens() {
        Begun begun = begin(token(90));

        assertThat(begun.resumed()).isFalse();
        assertThat(begun.token()).isNull();
        assertThat(times(ResumeResult.FAILED)).isEqualTo(1);
    }
}
