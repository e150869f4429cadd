package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import chat.milena.syncapi.read.Read.HistoryPage;
import chat.milena.syncapi.read.Read.Order;
import chat.milena.syncapi.read.Read.Summary;
import chat.milena.syncapi.read.Read.SyncOne;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is answered of messages that were edited and deleted. In each conversation the first message has
/// number 2.
class ChangedMessagesTest {
    private final FakeViews views = new FakeViews();
    private final ConversationReader reader = new ConversationReader(tenant -> Duration.ofDays(30));
    private final Instant now = FakeConversation.BEGINNING.plus(Duration.ofMinutes(30));

    @Test
    void messageIsShownAsItIsNow() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "one")
                .says("alice", "gone")
                .edits(2, "two")
                .deletes("bob", 3);

        JsonNode page = page(chat, "bob", 10, false);

        assertThat(page.at("/messages/3/content/text").asText()).as("%s", page).isEqualTo("two");
        assertThat(page.at("/messages/3/revision").asLong()).isEqualTo(1);
        assertThat(page.at("/messages/3/editedAt").isNumber()).isTrue();
        assertThat(page.at("/messages/2").has("content")).isFalse();
        assertThat(page.at("/messages/2/deletedBy").asText()).isEqualTo("bob");
        assertThat(page.at("/messages/1/targetSequence").asLong()).isEqualTo(2);
        assertThat(page.toString()).doesNotContain("gone");
    }

    @Test
    void syncBringsTheOlderMessagesThatItsEventsChanged() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "one")
                .says("alice", "other")
                .edits(2, "two")
                .says("alice", "new")
                .edits(5, "newer")
                .edits(2, "three");

        JsonNode synced = sync(chat, "bob", 3, 10, 1_000_000);

        assertThat(numbers(synced, "messages")).containsExactly(4L, 5L, 6L, 7L);
        assertThat(numbers(synced, "changed")).containsExactly(2L);
        assertThat(synced.at("/changed/0/content/text").asText()).isEqualTo("three");
        assertThat(numbers(sync(chat, "bob", 1, 10, 1_000_000), "changed")).isEmpty();
    }

    @Test
    void changedMessagesCountForTheLengthOfAnAnswer() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "x".repeat(4_000))
                .edits(2, "y".repeat(4_000))
                .says("alice", "z");

        JsonNode synced = sync(chat, "bob", 2, 10, 2_000);

        assertThat(numbers(synced, "messages")).as("%s", synced).containsExactly(3L);
        assertThat(synced.path("hasMore").asBoolean()).isTrue();
    }

    @Test
    void newcomerGetsNothingOfWhatWasBeforeThem() {
        FakeConversation chat = FakeConversation.closedGroup(views, "g", "alice", "bob")
                .says("alice", "one")
                .joins("carol")
                .edits(2, "two");

        JsonNode synced = sync(chat, "carol", 3, 10, 1_000_000);

        assertThat(numbers(synced, "messages")).containsExactly(4L);
        assertThat(numbers(synced, "changed")).isEmpty();
        assertThat(synced.toString()).doesNotContain("two");
    }

    @Test
    void deletedMessagesAreNotUnreadAndNotTheLast() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "read")
                .receives("bob", 2, 2)
                .says("alice", "one")
                .says("alice", "two", Duration.ofHours(1))
                .says("alice", "three")
                .deletes("alice", 2)
                .deletes("alice", 4)
                .deletes("alice", 5);

        JsonNode line = Answers.json(reader.answer(views, new Summary(chat.key(), "bob"), now));

        assertThat(line.path("unreadCount").asLong()).as("%s", line).isEqualTo(1);
        assertThat(line.at("/lastMessage/sequenceNumber").asLong()).isEqualTo(3);
    }

    @Test
    void viewOfMessagesHoldsAndCountsMessagesAlone() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "one")
                .edits(2, "two")
                .gives("bob", "admin")
                .says("alice", "three")
                .says("alice", "four")
                .deletes("alice", 5);

        JsonNode page = page(chat, "bob", 2, true);

        assertThat(numbers(page, "messages")).as("%s", page).containsExactly(6L, 5L);
        assertThat(page.path("expired")).isEmpty();
        assertThat(page.path("hasMore").asBoolean()).isTrue();
        assertThat(numbers(page(chat, "bob", 10, true), "messages")).containsExactly(6L, 5L, 2L);
    }

    private JsonNode page(FakeConversation chat, String userId, int limit, boolean messagesOnly) {
        return Answers.json(reader.answer(
                views,
                new HistoryPage(
                        chat.key(), userId, Order.NEWEST_FIRST, HistoryPage.END, limit, 1_000_000, messagesOnly, null),
                now));
    }

    private JsonNode sync(FakeConversation chat, String userId, long last, int limit, long bytesMax) {
        return Answers.json(reader.answer(views, new SyncOne(chat.key(), userId, last, limit, bytesMax, true), now));
    }

    private static List<Long> numbers(JsonNode page, String name) {
        List<Long> numbers = new ArrayList<>();
        page.path(name)
                .forEach(entry -> numbers.add(entry.path("sequenceNumber").longValue()));
        return numbers;
    }
}
