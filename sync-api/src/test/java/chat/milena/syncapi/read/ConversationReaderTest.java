package chat.milena.syncapi.read;

import static chat.milena.syncapi.FakeConversation.BEGINNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import chat.milena.syncapi.read.Read.Describe;
import chat.milena.syncapi.read.Read.HistoryPage;
import chat.milena.syncapi.read.Read.MembersPage;
import chat.milena.syncapi.read.Read.Order;
import chat.milena.syncapi.read.Read.ReceiptsPage;
import chat.milena.syncapi.read.Read.Summary;
import chat.milena.syncapi.read.Read.SyncOne;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConversationReaderTest {
    private static final Duration RETENTION = Duration.ofHours(1);
    private static final long BYTES_MAX = 1_000_000;

    private final FakeViews views = new FakeViews();
    private final ConversationReader reader = new ConversationReader(tenant -> RETENTION);
    private Instant now = BEGINNING.plus(Duration.ofMinutes(30));

    private JsonNode answer(Read.OfConversation<?> read) {
        return Answers.json(reader.answer(views, read, now));
    }

    private JsonNode newest(FakeConversation chat, String userId, int limit) {
        return answer(new HistoryPage(
                chat.key(), userId, Order.NEWEST_FIRST, HistoryPage.END, limit, BYTES_MAX, false, null));
    }

    private JsonNode before(FakeConversation chat, String userId, long number, int limit) {
        return answer(new HistoryPage(chat.key(), userId, Order.NEWEST_FIRST, number, limit, BYTES_MAX, false, null));
    }

    private JsonNode after(FakeConversation chat, String userId, long number, int limit) {
        return answer(new HistoryPage(chat.key(), userId, Order.OLDEST_FIRST, number, limit, BYTES_MAX, false, null));
    }

    private JsonNode sync(FakeConversation chat, String userId, long lastSequence, int limit) {
        return answer(new SyncOne(chat.key(), userId, lastSequence, limit, BYTES_MAX, true));
    }

    private static List<Long> numbers(JsonNode page) {
        List<Long> numbers = new ArrayList<>();
        page.path("messages")
                .forEach(entry -> numbers.add(entry.path("sequenceNumber").longValue()));
        return numbers;
    }

    private static String expired(JsonNode page) {
        return page.path("expired").toString();
    }

    @Test
    void theNewestPageComesNewestFirstAndSaysWhereTheNextBegins() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(9, "alice");

        JsonNode page = newest(chat, "bob", 4);

        assertThat(numbers(page)).containsExactly(10L, 9L, 8L, 7L);
        assertThat(page.path("hasMore").booleanValue()).isTrue();
        assertThat(page.path("nextCursor").textValue()).isEqualTo("seq_7");
        assertThat(expired(page)).isEqualTo("[]");
        assertThat(numbers(before(chat, "bob", 7, 4))).containsExactly(6L, 5L, 4L, 3L);
        assertThat(before(chat, "bob", 3, 4).has("nextCursor")).isFalse();
    }

    @Test
    void aPageThatEndsWithTheFirstEntryHasNoMore() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(3, "alice");

        assertThat(newest(chat, "bob", 4).path("hasMore").booleanValue()).isFalse();
        assertThat(after(chat, "bob", 0, 4).path("hasMore").booleanValue()).isFalse();
        assertThat(after(chat, "bob", 0, 3).path("nextCursor").textValue()).isEqualTo("seq_3");
    }

    @Test
    void beyondTheEndIsAnEmptyPage() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(3, "alice");

        for (long number : new long[] {4, 5, Long.MAX_VALUE}) {
            JsonNode page = after(chat, "bob", number, 10);
            assertThat(page.path("messages")).isEmpty();
            assertThat(page.path("hasMore").booleanValue()).isFalse();
            assertThat(expired(page)).isEqualTo("[]");
        }
        assertThat(numbers(before(chat, "bob", 1, 10))).isEmpty();
        assertThat(numbers(before(chat, "bob", 0, 10))).isEmpty();
    }

    @Test
    void anEntryOfEachKindHasWhatAClientNeedsToApplyIt() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .joins("carol", "dave")
                .leaves("dave")
                .event("poll.opened")
                .says(
                        "bob",
                        new Content("image", "look", "https://x.org/a", "{\"size\":1.50,\"tags\":[1e3]}", null),
                        Duration.ofHours(1));

        JsonNode messages = after(chat, "bob", 0, 10).path("messages");

        assertThat(messages.get(0))
                .hasToString(
                        "{\"sequenceNumber\":1,\"timestamp\":1767225600000,\"kind\":\"conversation.created\","
                                + "\"actorId\":\"alice\",\"type\":\"group\",\"name\":\"Friends\",\"settings\":"
                                + "{\"onlyAdminsCanPost\":false,\"allowMemberInvites\":false,"
                                + "\"historyVisibleToNewMembers\":true,\"onlyAdminsMentionAll\":false,"
                                + "\"slowModeSeconds\":0,\"premoderation\":false},\"participants\":[{\"userId\":\"alice\",\"role\":\"member\"},{\"userId\":\"bob\",\"role\":\"member\"}],\"memberCount\":2}");
        assertThat(messages.get(1))
                .hasToString("{\"sequenceNumber\":2,\"timestamp\":1767225601000,\"kind\":\"member.added\","
                        + "\"actorId\":\"alice\",\"userIds\":[\"carol\",\"dave\"]}");
        assertThat(messages.get(2))
                .hasToString("{\"sequenceNumber\":3,\"timestamp\":1767225602000,\"kind\":\"member.removed\","
                        + "\"actorId\":\"dave\",\"userIds\":[\"dave\"]}");
        assertThat(messages.get(3))
                .hasToString("{\"sequenceNumber\":4,\"timestamp\":1767225603000,\"kind\":\"poll.opened\","
                        + "\"actorId\":\"alice\"}");
        assertThat(messages.get(4))
                .hasToString("{\"sequenceNumber\":5,\"timestamp\":1767225604000,\"kind\":\"message\","
                        + "\"messageId\":\"m5\",\"senderId\":\"bob\",\"content\":{\"type\":\"image\","
                        + "\"text\":\"look\",\"mediaUrl\":\"https://x.org/a\","
                        + "\"metadata\":{\"size\":1.50,\"tags\":[1E+3]}},"
                        + "\"expiresAt\":1767229204000,\"revision\":0,\"reactions\":[],\"status\":\"SENT\"}");
    }

    @Test
    void aMessageHasWhatWasAddedToItAndItsEventsNameIt() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("bob", "hello")
                .reacts("alice", 2, "\uD83D\uDC4D")
                .reacts("bob", 2, "!")
                .reacts("bob", 2, "\uD83D\uDC4D")
                .pins("alice", 2);

        JsonNode messages = after(chat, "bob", 1, 10).path("messages");

        assertThat(messages.get(0).path("reactions"))
                .hasToString("[{\"emoji\":\"\uD83D\uDC4D\",\"count\":2,\"userIds\":[\"alice\",\"bob\"],\"mine\":true},"
                        + "{\"emoji\":\"!\",\"count\":1,\"userIds\":[\"bob\"],\"mine\":true}]");
        assertThat(messages.get(0).path("pinned").booleanValue()).isTrue();
        assertThat(messages.get(2))
                .hasToString("{\"sequenceNumber\":4,\"timestamp\":1767225603000,\"kind\":\"reaction\","
                        + "\"messageId\":\"m2\",\"targetSequence\":2,\"actorId\":\"bob\",\"emoji\":\"!\","
                        + "\"removed\":false}");
        assertThat(messages.get(4))
                .hasToString("{\"sequenceNumber\":6,\"timestamp\":1767225605000,\"kind\":\"message.pinned\","
                        + "\"messageId\":\"m2\",\"targetSequence\":2,\"actorId\":\"alice\",\"removed\":false}");
    }

    @Test
    void momentIsAnEdgeThatIsNotPartOfThePage() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("bob", "one")
                .says("bob", "two")
                .says("bob", "three");
        long second = after(chat, "bob", 2, 1).at("/messages/0/timestamp").longValue();

        assertThat(numbers(fromMoment(chat, Order.NEWEST_FIRST, second))).containsExactly(2L, 1L);
        assertThat(numbers(fromMoment(chat, Order.NEWEST_FIRST, second + 1))).containsExactly(3L, 2L, 1L);
        assertThat(numbers(fromMoment(chat, Order.OLDEST_FIRST, second))).containsExactly(4L);
        assertThat(numbers(fromMoment(chat, Order.OLDEST_FIRST, second - 1))).containsExactly(3L, 4L);
        assertThat(numbers(fromMoment(chat, Order.OLDEST_FIRST, Long.MAX_VALUE)))
                .isEmpty();
        assertThat(numbers(fromMoment(chat, Order.NEWEST_FIRST, 0))).isEmpty();
    }

    private JsonNode fromMoment(FakeConversation chat, Order order, long millis) {
        return answer(new HistoryPage(chat.key(), "bob", order, 0, 10, BYTES_MAX, false, millis));
    }

    @Test
    void pinnedMessagesAreListedByTheirNumbersAsFarAsTheyAreShown() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("bob", "one")
                .says("bob", "expired", Duration.ofSeconds(5))
                .says("bob", "three")
                .pins("alice", 4)
                .pins("alice", 3)
                .pins("bob", 2)
                .says("alice", "later");

        JsonNode all = answer(new Read.PinsPage(chat.key(), "bob", 0, Long.MAX_VALUE));
        JsonNode first = answer(new Read.PinsPage(chat.key(), "bob", 0, 1));
        JsonNode next = answer(new Read.PinsPage(chat.key(), "bob", 2, 1));

        assertThat(all.path("pins").findValuesAsText("messageId")).containsExactly("m2", "m4");
        assertThat(all.has("nextCursor")).isFalse();
        assertThat(first.path("pins").findValuesAsText("messageId")).containsExactly("m2");
        assertThat(first.path("nextCursor").textValue()).isEqualTo("seq_2");
        assertThat(next.path("pins").findValuesAsText("messageId")).containsExactly("m4");
        assertThat(next.has("nextCursor")).isFalse();
    }

    @Test
    void whatWasAddedToAMessageThatIsNoLongerShownIsNotShownEither() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("bob", "deleted")
                .says("bob", "expired", Duration.ofSeconds(5))
                .reacts("alice", 2, "!")
                .reacts("alice", 3, "!")
                .deletes("bob", 2)
                .says("alice", "later");

        JsonNode messages = after(chat, "bob", 1, 10).path("messages");

        assertThat(messages.findValues("emoji")).isEmpty();
        assertThat(messages.get(0).path("reactions")).isEmpty();
    }

    @Test
    void nothingIsAnsweredWhileWhatWasAddedIsBehindTheEvents() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("bob", "hello")
                .reacts("alice", 2, "!")
                .isBehind(2);

        assertThatExceptionOfType(ConversationViews.BehindException.class).isThrownBy(() -> after(chat, "bob", 1, 10));
        chat.loses(3);
        chat.says("bob", "the event that it is behind is gone");
        assertThat(after(chat, "bob", 1, 10).path("messages")).hasSize(2);
    }

    @Test
    void aChangeOfRoleNamesWhomAndWhichAsTheDocumentSays() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").gives("bob", "admin");

        assertThat(newest(chat, "bob", 1).path("messages").get(0))
                .hasToString("{\"sequenceNumber\":2,\"timestamp\":1767225601000,\"kind\":\"role.changed\","
                        + "\"actorId\":\"alice\",\"userIds\":[\"bob\"],\"role\":\"admin\"}");
    }

    @Test
    void whatExpiredIsGoneAtOnceAndNamed() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "one")
                .says("alice", "brief", Duration.ofMinutes(1))
                .says("alice", "brief", Duration.ofMinutes(1))
                .says("alice", "two")
                .says("alice", "lost")
                .says("alice", "three")
                .says("alice", "brief", Duration.ofMinutes(1))
                .loses(6);

        JsonNode page = newest(chat, "bob", 10);

        assertThat(numbers(page)).containsExactly(7L, 5L, 2L, 1L);
        assertThat(expired(page)).isEqualTo("[{\"from\":3,\"to\":4},{\"from\":6,\"to\":6},{\"from\":8,\"to\":8}]");
        now = chat.clock();
        assertThat(numbers(newest(chat, "bob", 10))).containsExactly(8L, 7L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void theRetentionTakesThePastAtOnceWhateverIsLeftOnTheDisk() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(5_000, "alice");
        now = chat.clock().plus(RETENTION).minusSeconds(10);
        int readBefore = views.eventsRead();

        JsonNode forward = after(chat, "bob", 0, 4);
        JsonNode backward = newest(chat, "bob", 20);

        assertThat(numbers(forward)).containsExactly(4_993L, 4_994L, 4_995L, 4_996L);
        assertThat(expired(forward)).isEqualTo("[{\"from\":1,\"to\":4992}]");
        assertThat(numbers(backward)).hasSize(9).startsWith(5_001L).endsWith(4_993L);
        assertThat(backward.path("hasMore").booleanValue()).isFalse();
        assertThat(expired(backward)).isEqualTo("[{\"from\":1,\"to\":4992}]");
        assertThat(views.eventsRead() - readBefore).isLessThan(100);
    }

    @Test
    void aLongStretchOfExpiredMessagesEndsAPageButNotTheWalk() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob");
        for (int i = 0; i < 2_500; i++) {
            chat.says("alice", "brief", Duration.ofMillis(1));
        }
        chat.says("alice", "at last");
        now = chat.clock();
        int readBefore = views.eventsRead();

        JsonNode first = after(chat, "bob", 1, 10);

        assertThat(first.path("messages")).isEmpty();
        assertThat(first.path("hasMore").booleanValue()).isTrue();
        assertThat(first.path("nextCursor").textValue()).isEqualTo("seq_1001");
        assertThat(expired(first)).isEqualTo("[{\"from\":2,\"to\":1001}]");
        assertThat(views.eventsRead() - readBefore).isLessThan(Timeline.GONE_SCAN_MAX + 100);
        assertThat(numbers(after(chat, "bob", 2_001, 10))).containsExactly(2_502L);
        assertThat(before(chat, "bob", 2_502, 10).path("nextCursor").textValue())
                .isEqualTo("seq_1502");
    }

    @Test
    void newcomersOfAClosedGroupSeeNothingOfThePastAndNoGap() {
        FakeConversation chat = FakeConversation.closedGroup(views, "g", "alice", "bob")
                .saysTimes(3, "alice")
                .joins("carol")
                .says("alice", "welcome");

        JsonNode page = newest(chat, "carol", 10);

        assertThat(numbers(page)).containsExactly(6L, 5L);
        assertThat(expired(page)).isEqualTo("[{\"from\":1,\"to\":4}]");
        assertThat(numbers(sync(chat, "carol", 0, 10))).containsExactly(5L, 6L);
        assertThat(numbers(newest(chat, "bob", 10))).hasSize(6);
    }

    @Test
    void aSyncHoldsWhatIsNewOldestFirst() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(5, "alice");

        JsonNode some = sync(chat, "bob", 2, 3);
        assertThat(numbers(some)).containsExactly(3L, 4L, 5L);
        assertThat(some.path("conversationId").textValue()).isEqualTo("g");
        assertThat(some.path("hasMore").booleanValue()).isTrue();
        assertThat(some.path("upToSequence").longValue()).isEqualTo(5);
        assertThat(some.path("lastSequence").longValue()).isEqualTo(6);
        assertThat(some.has("ahead")).isFalse();

        JsonNode none = sync(chat, "bob", 6, 3);
        assertThat(numbers(none)).isEmpty();
        assertThat(none.path("hasMore").booleanValue()).isFalse();
        assertThat(none.path("upToSequence").longValue()).isEqualTo(6);
    }

    @Test
    void aClientThatIsAheadIsToldToStartAfresh() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(5, "alice");

        JsonNode answer = sync(chat, "bob", 7, 3);

        assertThat(answer.path("ahead").booleanValue()).isTrue();
        assertThat(numbers(answer)).isEmpty();
        assertThat(answer.path("lastSequence").longValue()).isEqualTo(6);
        assertThat(answer.path("upToSequence").longValue()).isZero();
        assertThat(expired(answer)).isEqualTo("[]");
    }

    @Test
    void aSyncEndsEarlyWhenItsContentIsLongButAlwaysGetsOn() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob");
        IntStream.range(0, 5).forEach(i -> chat.says("alice", "x".repeat(4_000)));

        JsonNode small = answer(new SyncOne(chat.key(), "bob", 1, 100, 9_500, true));
        assertThat(numbers(small)).containsExactly(2L, 3L);
        assertThat(small.path("hasMore").booleanValue()).isTrue();

        assertThat(numbers(answer(new SyncOne(chat.key(), "bob", 3, 100, 1, true))))
                .containsExactly(4L);
    }

    @Test
    void unreadCountsMessagesBehindTheReadersWatermark() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .saysTimes(2, "alice")
                .joins("carol")
                .saysTimes(3, "alice");

        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isEqualTo(5);
        chat.receives("bob", 7, 3);
        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isEqualTo(3);
        chat.loses(4).loses(5);
        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isEqualTo(2);
        chat.receives("bob", 7, 7);
        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isZero();
    }

    @Test
    void whatWasSaidBeforeAMemberCameIsNotUnread() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .saysTimes(5, "alice")
                .joins("carol")
                .says("alice", "welcome");

        assertThat(sync(chat, "carol", 0, 1).path("unreadCount").longValue()).isEqualTo(1);
    }

    @Test
    void whatExpiredIsNotUnreadWhetherItIsStillOnTheDiskOrNot() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "lasts")
                .says("alice", "brief", Duration.ofSeconds(1))
                .says("alice", "brief", Duration.ofSeconds(1))
                .says("alice", "longer", Duration.ofHours(1))
                .says("alice", "brief", Duration.ofSeconds(1))
                .joins("carol");

        now = chat.clock();
        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isEqualTo(2);
        chat.loses(3).loses(6);
        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isEqualTo(2);
        chat.receives("bob", 2, 2);
        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isEqualTo(1);
        chat.receives("bob", 5, 5);
        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isZero();
    }

    @Test
    void unreadCountsLookAtNoEventsWhereNoneExpires() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob");
        IntStream.range(0, 50).forEach(i -> chat.says("alice", "brief", Duration.ofSeconds(1)));
        chat.saysTimes(900, "alice").receives("bob", 51, 51);
        now = chat.clock();
        int readBefore = views.eventsRead();

        assertThat(sync(chat, "bob", chat.last(), 1).path("unreadCount").longValue())
                .isEqualTo(900);
        assertThat(views.eventsRead() - readBefore).isLessThan(10);
    }

    @Test
    void reasonOfADeletionIsForThoseWhoMayReadTheMessage() {
        FakeConversation chat =
                FakeConversation.closedGroup(views, "g", "alice", "bob").says("alice", "past");
        chat.joins("carol").says("alice", "hello").deletes("alice", 2, "secret").deletes("alice", 4, "known");
        now = chat.clock();

        assertThat(newest(chat, "bob", 2).path("messages"))
                .extracting(entry -> entry.path("reason").asText())
                .containsExactlyInAnyOrder("secret", "known");
        for (JsonNode answer : List.of(newest(chat, "carol", 2), sync(chat, "carol", 4, 10))) {
            JsonNode messages = answer.path("messages");
            assertThat(messages).hasSize(2);
            assertThat(messages.toString()).contains("known").doesNotContain("secret");
        }
    }

    @Test
    void messageWithoutRepliesHasAnEmptyThread() {
        FakeConversation chat =
                FakeConversation.closedGroup(views, "g", "alice", "bob").says("alice", "past");
        chat.joins("carol")
                .says("alice", "hello")
                .says("alice", "brief", Duration.ofMillis(1))
                .says("alice", "deleted");
        chat.deletes("alice", chat.last());
        now = chat.clock();

        for (String readable : List.of("m4", "m6")) {
            JsonNode page = answer(thread(chat, "carol", readable));

            assertThat(page.path("messages")).isEmpty();
            assertThat(page.path("expired").isArray()).isTrue();
            assertThat(page.path("hasMore").booleanValue()).isFalse();
        }
        for (String unreadable : List.of("m2", "m5", "m9")) {
            assertThat(reader.answer(views, thread(chat, "carol", unreadable), now))
                    .isInstanceOf(ReadAnswer.Refused.class);
        }
        assertThat(answer(thread(chat, "bob", "m2")).path("messages")).isEmpty();
    }

    private static Read.ThreadPage thread(FakeConversation chat, String userId, String rootId) {
        return new Read.ThreadPage(
                chat.key(), userId, new Read.Named(rootId, null), Order.OLDEST_FIRST, 0, 50, Long.MAX_VALUE);
    }

    @Test
    void aLastMessageThatLastsIsFoundBehindAnyNumberOfThoseThatExpired() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").says("alice", "lasts");
        for (int i = 0; i < 2_500; i++) {
            chat.says("alice", "brief", Duration.ofMillis(1));
        }
        chat.joins("carol");
        now = chat.clock();
        int readBefore = views.eventsRead();

        JsonNode line = answer(new Summary(chat.key(), "bob"));

        assertThat(line.path("lastMessage").path("sequenceNumber").longValue()).isEqualTo(2);
        assertThat(line.path("unreadCount").longValue()).isEqualTo(1);
        assertThat(views.eventsRead() - readBefore).isLessThan(2_200);
    }

    @Test
    void whatTheRetentionTookIsNotUnread() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(100, "alice");
        now = chat.clock().plus(RETENTION).minusSeconds(10);

        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isEqualTo(9);
        now = chat.clock().plus(RETENTION);
        assertThat(sync(chat, "bob", 0, 1).path("unreadCount").longValue()).isZero();
    }

    @Test
    void aSummaryIsTheConversationWithItsLastMessage() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "last")
                .says("alice", "brief", Duration.ofMillis(1))
                .joins("carol");

        JsonNode line = answer(new Summary(chat.key(), "bob"));

        assertThat(line.path("conversationId").textValue()).isEqualTo("g");
        assertThat(line.path("lastMessage").path("sequenceNumber").longValue()).isEqualTo(2);
        assertThat(line.path("lastMessage").has("status")).isFalse();
        assertThat(line.path("lastSequence").longValue()).isEqualTo(4);
        assertThat(line.path("unreadCount").longValue()).isEqualTo(1);
        assertThat(line.path("muted").booleanValue()).isFalse();
        assertThat(line.path("lastEventAt").longValue())
                .isEqualTo(line.path("lastMessage").path("timestamp").longValue());
        assertThat(answer(new Summary(chat.key(), "alice"))
                        .path("lastMessage")
                        .path("status")
                        .textValue())
                .isEqualTo("SENT");
    }

    @Test
    void aConversationIsMutedForItsMuterUntilThatMoment() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").mutes("bob", now.plusSeconds(1));

        assertThat(answer(new Summary(chat.key(), "bob")).path("muted").booleanValue())
                .isTrue();
        assertThat(answer(new Summary(chat.key(), "bob")).path("mutedUntil").longValue())
                .isEqualTo(now.plusSeconds(1).toEpochMilli());
        assertThat(answer(new Summary(chat.key(), "alice")).path("muted").booleanValue())
                .isFalse();
        assertThat(answer(new MembersPage(chat.key(), "alice", "", 10)).toString())
                .doesNotContain("muted");
        now = now.plusSeconds(1);
        JsonNode later = answer(new Summary(chat.key(), "bob"));
        assertThat(later.path("muted").booleanValue()).isFalse();
        assertThat(later.has("mutedUntil")).isFalse();
    }

    @Test
    void aLastMessageIsFoundHoweverManyChangesCameAfterIt() {
        for (int changes : new int[] {1, 15, 16, 17, 199, 2_000}) {
            FakeConversation chat = FakeConversation.group(views, "g" + changes, "alice", "bob")
                    .says("alice", "first")
                    .event("poll.opened")
                    .says("alice", "last");
            for (int i = 0; i < changes; i++) {
                chat.joins("carol");
            }
            now = chat.clock();
            int readBefore = views.eventsRead();

            JsonNode line = answer(new Summary(chat.key(), "bob"));

            assertThat(line.path("lastMessage").path("sequenceNumber").longValue())
                    .as("%d changes", changes)
                    .isEqualTo(4);
            assertThat(line.path("lastEventAt").longValue())
                    .isEqualTo(BEGINNING.plusSeconds(3).toEpochMilli());
            assertThat(views.eventsRead() - readBefore).isLessThan(100);
        }
    }

    @Test
    void aLastMessageIsFoundBehindOthersThatAreGoneAndChangesBetweenThem() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").says("alice", "last");
        for (int i = 0; i < 10; i++) {
            chat.says("alice", "brief", Duration.ofMillis(1));
            for (int j = 0; j < 40; j++) {
                chat.event("poll.opened");
            }
            if (i % 2 == 0) {
                chat.loses(chat.last() - 40);
            }
        }
        now = chat.clock();

        assertThat(answer(new Summary(chat.key(), "bob"))
                        .path("lastMessage")
                        .path("sequenceNumber")
                        .longValue())
                .isEqualTo(2);
    }

    @Test
    void aConversationWithoutAMessageStandsInTheInboxByItsCreation() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .joins("carol")
                .gives("bob", "admin");

        assertThat(answer(new Summary(chat.key(), "bob")).path("lastEventAt").longValue())
                .isEqualTo(BEGINNING.toEpochMilli());
        assertThat(answer(new Read.Place(chat.key(), "bob")).path("lastEventAt").longValue())
                .isEqualTo(BEGINNING.toEpochMilli());
    }

    @Test
    void aPlaceIsFoundByOneEventWhereThatIsAMessage() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(500, "alice");
        int readBefore = views.eventsRead();

        JsonNode place = answer(new Read.Place(chat.key(), "bob"));

        assertThat(place.path("lastEventAt").longValue())
                .isEqualTo(chat.clock().minusSeconds(1).toEpochMilli());
        assertThat(views.eventsRead() - readBefore).isEqualTo(1);
    }

    @Test
    void aPageEndsBeforeItIsTooLongAndReadsNoEventBehindTheOneThatDoesNotFit() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob");
        IntStream.range(0, 200).forEach(i -> chat.says("alice", "\u4e2d".repeat(4_000)));
        int readBefore = views.eventsRead();

        JsonNode newest = answer(
                new HistoryPage(chat.key(), "bob", Order.NEWEST_FIRST, HistoryPage.END, 200, 100_000, false, null));
        JsonNode oldest = answer(new HistoryPage(chat.key(), "bob", Order.OLDEST_FIRST, 1, 200, 100_000, false, null));

        assertThat(numbers(newest)).containsExactly(201L, 200L, 199L, 198L, 197L, 196L, 195L, 194L);
        assertThat(newest.path("nextCursor").textValue()).isEqualTo("seq_194");
        assertThat(numbers(oldest)).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(oldest.path("nextCursor").textValue()).isEqualTo("seq_9");
        assertThat(newest.toString().getBytes(StandardCharsets.UTF_8).length).isBetween(90_000, 100_000);
        assertThat(views.eventsRead() - readBefore).isLessThan(30);
    }

    @Test
    void aSyncWithoutRoomSaysThatThereIsMoreAndHowFarTheClientHas() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(3, "alice");

        JsonNode none = answer(new SyncOne(chat.key(), "bob", 2, 100, 10, false));

        assertThat(numbers(none)).isEmpty();
        assertThat(none.path("hasMore").booleanValue()).isTrue();
        assertThat(none.path("upToSequence").longValue()).isEqualTo(2);
        assertThat(none.path("lastSequence").longValue()).isEqualTo(4);
        assertThat(expired(none)).isEqualTo("[]");
    }

    @Test
    void anInboxLineOfAPastHistoryIsTheSameBeforeAndAfterItLeavesTheDisk() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "hi")
                .receives("bob", 2, 0);
        now = chat.clock().plus(RETENTION);

        JsonNode before = answer(new Summary(chat.key(), "bob"));
        chat.loses(1).loses(2);

        assertThat(answer(new Summary(chat.key(), "bob"))).isEqualTo(before);
        assertThat(before.path("lastMessage").isNull()).isTrue();
    }

    @Test
    void aConversationWithoutMessagesHasNoLastMessage() {
        FakeConversation chat = FakeConversation.direct(views, "d", "alice", "bob");

        JsonNode line = answer(new Summary(chat.key(), "bob"));

        assertThat(line.path("lastMessage").isNull()).isTrue();
        assertThat(line.has("settings")).isFalse();
        assertThat(line.has("name")).isFalse();
    }

    @Test
    void aDescriptionNamesAHundredPeopleAndCountsAll() {
        String[] people =
                IntStream.range(0, 250).mapToObj("user%03d"::formatted).toArray(String[]::new);
        FakeConversation chat = FakeConversation.group(views, "g", people);

        JsonNode described = answer(new Describe(chat.key(), "user007"));

        assertThat(described.path("participants")).hasSize(100);
        assertThat(described.path("memberCount").intValue()).isEqualTo(250);
        assertThat(described.path("createdAt").textValue()).isEqualTo("2026-01-01T00:00:00Z");

        JsonNode page = answer(new MembersPage(chat.key(), "user007", "user099", 150));
        assertThat(page.path("members")).hasSize(150);
        assertThat(page.has("nextCursor")).isFalse();
        assertThat(page.path("members").get(0))
                .hasToString("{\"userId\":\"user100\",\"role\":\"member\",\"joinedAt\":1767225600000}");
        assertThat(answer(new MembersPage(chat.key(), "user007", "", 50))
                        .path("nextCursor")
                        .textValue())
                .isEqualTo("user_user049");
    }

    @Test
    void receiptsTellWhoHasWhat() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob", "carol")
                .saysTimes(3, "alice")
                .receives("alice", 4, 4)
                .receives("bob", 4, 0);

        JsonNode page = answer(new ReceiptsPage(chat.key(), "carol", "", 2));

        assertThat(page.path("receipts")).hasSize(2);
        assertThat(page.path("receipts").get(1))
                .hasToString("{\"userId\":\"bob\",\"deliveredUpToSequence\":4,"
                        + "\"deliveredAt\":1767225604000,\"readUpToSequence\":0}");
        assertThat(page.has("nextCursor")).isFalse();
        assertThat(answer(new ReceiptsPage(chat.key(), "carol", "", 1))
                        .path("nextCursor")
                        .textValue())
                .isEqualTo("user_alice");
    }

    @Test
    void receiptsOfWhoHasNotJoinedInAreShownToThemselvesAlone() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob", "carol")
                .says("alice", "hi")
                .receives("alice", 2, 2)
                .receives("bob", 2, 2)
                .receives("carol", 2, 1)
                .waitsFor("bob");

        assertThat(answer(new ReceiptsPage(chat.key(), "alice", "", 10)).findValuesAsText("userId"))
                .containsExactly("alice", "carol");
        assertThat(answer(new ReceiptsPage(chat.key(), "bob", "", 10)).findValuesAsText("userId"))
                .containsExactly("alice", "bob", "carol");
        JsonNode first = answer(new ReceiptsPage(chat.key(), "alice", "", 2));
        assertThat(first.findValuesAsText("userId")).containsExactly("alice");
        assertThat(first.path("nextCursor").textValue()).isEqualTo("user_bob");
    }

    @Test
    void inboxSaysWhetherItsUserHasJoinedIn() {
        FakeConversation chat =
                FakeConversation.direct(views, "d", "alice", "bob").waitsFor("bob");

        assertThat(answer(new Summary(chat.key(), "alice")).path("personal").toString())
                .isEqualTo("{\"accepted\":true,\"archived\":false,\"pinned\":false,\"hidden\":false}");
        assertThat(answer(new Summary(chat.key(), "bob")).path("personal").toString())
                .isEqualTo("{\"accepted\":false,\"archived\":false,\"pinned\":false,\"hidden\":false}");
    }

    @Test
    void unreadCountsFromWhereItWasMarkedAndNeverWhatWasCleared() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "2")
                .says("alice", "3")
                .says("alice", "4")
                .receives("bob", 4, 4);
        assertThat(unread(chat)).isZero();

        Objects.requireNonNull(views.receipt(new MemberKey(chat.key(), "bob"))).setUnreadFrom(3L);
        assertThat(unread(chat)).isEqualTo(2);
        assertThat(answer(new Summary(chat.key(), "bob"))
                        .at("/personal/unreadFrom")
                        .longValue())
                .isEqualTo(3);

        Objects.requireNonNull(views.member(new MemberKey(chat.key(), "bob"))).setFirstSequence(4L);
        assertThat(unread(chat)).as("cleared up to 3").isEqualTo(1);
        assertThat(newest(chat, "bob", 10).path("messages").findValuesAsText("sequenceNumber"))
                .containsExactly("4");
    }

    private long unread(FakeConversation chat) {
        return answer(new Summary(chat.key(), "bob")).path("unreadCount").longValue();
    }

    @Test
    void aHistoryThatIsAllGoneEndsWhereOtherThingsTell() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "hi")
                .says("alice", "there")
                .receives("bob", 3, 2);
        chat.loses(1).loses(2).loses(3);
        now = chat.clock().plus(RETENTION);

        JsonNode answer = sync(chat, "bob", 1, 10);

        assertThat(answer.path("lastSequence").longValue()).isEqualTo(3);
        assertThat(expired(answer)).isEqualTo("[{\"from\":2,\"to\":3}]");
        assertThat(answer.path("unreadCount").longValue()).isZero();
        assertThat(expired(newest(chat, "bob", 10))).isEqualTo("[{\"from\":1,\"to\":3}]");
    }

    @Test
    void theHistoryOfANewConversationIsOnItsWayAndNotGone() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").loses(1);

        assertThat(expired(sync(chat, "bob", 0, 10))).isEqualTo("[]");
        assertThat(expired(newest(chat, "bob", 10))).isEqualTo("[]");
    }

    @Test
    void whoMayNotReadIsRefusedWhateverTheyAsk() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(3, "alice");
        int readBefore = views.eventsRead();

        for (Read.OfConversation<?> read : List.of(
                new Describe(chat.key(), "mallory"),
                new MembersPage(chat.key(), "mallory", "", 10),
                new ReceiptsPage(chat.key(), "mallory", "", 10),
                new HistoryPage(chat.key(), "mallory", Order.NEWEST_FIRST, HistoryPage.END, 10, BYTES_MAX, false, null),
                new SyncOne(chat.key(), "mallory", 0, 10, 1_000, true),
                new Summary(chat.key(), "mallory"))) {
            assertThat(reader.answer(views, read, now))
                    .isInstanceOfSatisfying(
                            ReadAnswer.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.FORBIDDEN));
        }
        assertThat(views.eventsRead()).isEqualTo(readBefore);
    }
}
