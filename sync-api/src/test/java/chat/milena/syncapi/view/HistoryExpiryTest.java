package chat.milena.syncapi.view;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.progress.ViewProgress;
import chat.milena.testsupport.MovableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryExpiryTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Sizing SIZING = new Sizing(1, 1, 1, 1, 1, RETENTION);

    /// Of one piece of a walk.
    private static final int PIECE = 1_000;

    private static final ConversationKey TALK = new ConversationKey("shop", "talk");

    private final TopicCatalogue topics = new TopicCatalogue(SIZING, ShippedSchemas.load());
    private final MovableClock clock = new MovableClock(NOON);

    @TempDir
    private Path stateFolder;

    private ViewsDriver driver;

    @BeforeEach
    void start() {
        Retention retention = new Retention(RETENTION, Map.of("demo", Duration.ofDays(1)));
        driver = new ViewsDriver(topics, new ViewsConfig(retention, INTERVAL), new ViewProgress(), clock, stateFolder);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void whatIsOlderThanTheRetentionGoesAndTheRestStays() {
        says(TALK, 1, NOON.minus(RETENTION).minusSeconds(1), null);
        says(TALK, 2, NOON.minus(RETENTION).minusSeconds(1), null);
        says(TALK, 3, NOON.minus(RETENTION).plus(INTERVAL).plusSeconds(1), null);
        says(TALK, 4, NOON, null);

        walksAfter(INTERVAL);

        assertThat(numbers(TALK)).containsExactly(3L, 4L);
    }

    @Test
    void listsOfMessagesLoseWhatIsOverAndNothingElse() {
        lists("@bob", 1, NOON.minus(RETENTION).minusSeconds(1), null);
        lists("@bob", 2, NOON, NOON.plusSeconds(1));
        lists("@bob", 3, NOON, null);
        lists("@carol", 4, NOON.minus(RETENTION).minusSeconds(1), null);

        walksAfter(INTERVAL);

        assertThat(driver.keys(View.REFERENCES))
                .singleElement()
                .satisfies(key -> assertThat(ReferenceKey.fromBytes(key)).isEqualTo(new ReferenceKey(TALK, "@bob", 3)));
    }

    private void lists(String list, long number, Instant timestamp, @Nullable Instant expiresAt) {
        ReferenceKey key = new ReferenceKey(TALK, list, number);
        Reference value =
                new Reference("shop", "talk", list, number, number, "alice", timestamp, expiresAt, 0L, false, null);
        byte[] bytes = topics.references().values().serializer().serialize("", value);
        driver.pipe(View.REFERENCES, key.toBytes(), bytes, timestamp.toEpochMilli());
    }

    @Test
    void nothingIsWalkedBeforeTheIntervalIsOver() {
        says(TALK, 1, NOON.minus(RETENTION).minusSeconds(1), null);
        says(TALK, 2, NOON, null);

        walksAfter(INTERVAL.minusMillis(1));
        assertThat(numbers(TALK)).containsExactly(1L, 2L);

        walksAfter(Duration.ofMillis(1));
        assertThat(numbers(TALK)).containsExactly(2L);
    }

    @Test
    void nextWalkComesAfterTheNextInterval() {
        says(TALK, 1, NOON.minus(RETENTION).plus(INTERVAL).plusSeconds(1), null);
        says(TALK, 2, NOON, null);
        walksAfter(INTERVAL);
        assertThat(numbers(TALK)).containsExactly(1L, 2L);

        walksAfter(INTERVAL.minusMillis(1));
        assertThat(numbers(TALK)).containsExactly(1L, 2L);

        walksAfter(Duration.ofMillis(1));
        assertThat(numbers(TALK)).containsExactly(2L);
    }

    @Test
    void tenantsOwnRetentionHoldsForItsEventsOnly() {
        ConversationKey demo = new ConversationKey("demo", "talk");
        Instant twoDaysAgo = NOON.minus(Duration.ofDays(2));
        says(demo, 1, twoDaysAgo, null);
        says(demo, 2, NOON, null);
        says(TALK, 1, twoDaysAgo, null);
        says(TALK, 2, NOON, null);

        walksAfter(INTERVAL);

        assertThat(numbers(demo)).containsExactly(2L);
        assertThat(numbers(TALK)).containsExactly(1L, 2L);
    }

    @Test
    void messageGoesWhenItsOwnTimeIsOver() {
        says(TALK, 1, NOON, NOON.plus(INTERVAL));
        says(TALK, 2, NOON, NOON.plus(INTERVAL).plusMillis(1));
        says(TALK, 3, NOON, null);

        walksAfter(INTERVAL);

        assertThat(numbers(TALK)).containsExactly(2L, 3L);
    }

    @Test
    void newestEventOfAConversationStaysUntilThereIsANewerOne() {
        ConversationKey neighbour = new ConversationKey("shop", "talk2");
        Instant old = NOON.minus(RETENTION).minusSeconds(1);
        says(TALK, 1, old, null);
        says(TALK, 2, old, null);
        says(TALK, 3, old, null);
        says(neighbour, 1, old, null);
        says(neighbour, 2, old, null);

        walksAfter(INTERVAL);

        assertThat(numbers(TALK)).containsExactly(3L);
        assertThat(numbers(neighbour)).containsExactly(2L);

        says(TALK, 4, NOON, null);
        walksAfter(INTERVAL);

        assertThat(numbers(TALK)).containsExactly(4L);
        assertThat(numbers(neighbour)).containsExactly(2L);
    }

    @Test
    void newestEventStaysThoughAnotherConversationFollowsItsKeysAtOnce() {
        Instant old = NOON.minus(RETENTION).minusSeconds(1);
        List<ConversationKey> conversations = List.of(
                new ConversationKey("shop", "a"),
                new ConversationKey("shop", "b"),
                new ConversationKey("shop", "b0"),
                new ConversationKey("shoq", "a"));
        conversations.forEach(conversation -> says(conversation, 1, old, null));

        walksAfter(INTERVAL);

        assertThat(conversations)
                .allSatisfy(conversation -> assertThat(numbers(conversation)).containsExactly(1L));
    }

    @Test
    void walkIsBoundedAndGoesOnWhereItStopped() {
        int count = 2 * PIECE + PIECE / 2;
        for (int number = 1; number <= count; number++) {
            says(TALK, number, NOON.minus(RETENTION).minusSeconds(1), null);
        }

        walksAfter(INTERVAL);
        assertThat(numbers(TALK)).as("after one piece").hasSizeBetween(count - PIECE, count - PIECE + 1);
        walksAfter(Duration.ZERO);
        assertThat(numbers(TALK)).as("after two").hasSizeBetween(count - 2 * PIECE, count - 2 * PIECE + 1);
        walksAfter(Duration.ZERO);
        assertThat(numbers(TALK)).as("after all").containsExactly((long) count);
    }

    @Test
    void walkGoesOnThoughItsPlaceIsGone() {
        int count = PIECE + 10;
        for (int number = 1; number <= count; number++) {
            says(TALK, number, NOON.minus(RETENTION).minusSeconds(1), null);
        }
        walksAfter(INTERVAL);

        for (int number = PIECE - 1; number <= PIECE + 3; number++) {
            driver.pipe(View.HISTORY, new EventKey(TALK, number).toBytes(), null, 0);
        }
        walksAfter(Duration.ZERO);

        assertThat(numbers(TALK)).containsExactly((long) count);
    }

    @Test
    void intervalBeginsWhenAWalkEnds() {
        for (int number = 1; number <= PIECE + 1; number++) {
            says(TALK, number, NOON, null);
        }
        says(TALK, PIECE + 2, NOON, NOON.plus(INTERVAL).plusMillis(2));
        says(TALK, PIECE + 3, NOON, null);
        walksAfter(INTERVAL);
        walksAfter(Duration.ofMillis(1));

        walksAfter(INTERVAL.minusMillis(1));
        assertThat(numbers(TALK)).hasSize(PIECE + 3);

        walksAfter(Duration.ofMillis(1));
        walksAfter(Duration.ZERO);
        assertThat(numbers(TALK)).hasSize(PIECE + 2).doesNotContain(PIECE + 2L);
    }

    @Test
    void whatIsReadAgainFromTheLogIsRemovedAgain() {
        Instant old = NOON.minus(RETENTION).minusSeconds(1);
        says(TALK, 1, old, null);
        says(TALK, 2, NOON, null);
        walksAfter(INTERVAL);

        says(TALK, 1, old, null);
        walksAfter(INTERVAL);

        assertThat(numbers(TALK)).containsExactly(2L);
    }

    @Test
    void whatCannotBeReadStaysAndStopsNothing() {
        Instant old = NOON.minus(RETENTION).minusSeconds(1);
        says(TALK, 1, old, null);
        driver.pipe(View.HISTORY, new EventKey(TALK, 2).toBytes(), "?".getBytes(StandardCharsets.UTF_8), 0);
        driver.pipe(View.HISTORY, new byte[] {1, 2}, "?".getBytes(StandardCharsets.UTF_8), 0);
        says(TALK, 3, old, null);
        says(TALK, 4, NOON, null);

        walksAfter(INTERVAL);

        assertThat(numbers(TALK)).containsExactly(2L, 4L);
        assertThat(driver.keys(View.HISTORY)).contains(new byte[] {1, 2});
    }

    private void walksAfter(Duration time) {
        clock.advance(time);
        driver.walksOnce();
    }

    private void says(ConversationKey conversation, long number, Instant at, @Nullable Instant expiresAt) {
        Message message =
                new Message("m" + number, new Content("text", "hello", null, null, null), expiresAt, null, null);
        TimelineEvent event = new TimelineEvent(
                conversation.tenant(),
                conversation.conversationId(),
                number,
                number,
                at,
                "message",
                "alice",
                message,
                null,
                List.of(),
                0L,
                1,
                "member",
                0L,
                null,
                0L,
                null,
                null,
                null,
                null,
                0L,
                null,
                0L,
                0L);
        byte[] value = topics.messages()
                .values()
                .serializer()
                .serialize(topics.messages().name(), event);
        driver.pipe(View.HISTORY, new EventKey(conversation, number).toBytes(), value, at.toEpochMilli());
    }

    private List<Long> numbers(ConversationKey conversation) {
        return driver.keys(View.HISTORY).stream()
                .filter(key -> key.length > Long.BYTES + 2)
                .map(EventKey::fromBytes)
                .filter(key -> key.conversation().equals(conversation))
                .map(EventKey::sequenceNumber)
                .toList();
    }
}
