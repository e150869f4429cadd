package chat.milena.syncapi.read;

import static chat.milena.syncapi.FakeConversation.BEGINNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageReadsTest {
    private final FakeViews views = new FakeViews();
    private Duration retention = Duration.ofDays(300);
    private Instant now = BEGINNING.plus(Duration.ofDays(1));

    private ReadAnswer<?> asked(Read.OfConversation<?> read) {
        return new ConversationReader(tenant -> retention).answer(views, read, now);
    }

    private JsonNode answer(Read.OfConversation<?> read) {
        return Answers.json(asked(read));
    }

    private static Read.OneMessage one(FakeConversation chat, String userId, String messageId, @Nullable Long number) {
        return new Read.OneMessage(chat.key(), userId, new Read.Named(messageId, number));
    }

    private static Read.ReactionsPage reactions(FakeConversation chat, @Nullable String emoji, String after) {
        return new Read.ReactionsPage(chat.key(), "bob", new Read.Named("m2", null), emoji, after);
    }

    private static Read.MessageReceiptsPage receipts(FakeConversation chat, String messageId, String after, int limit) {
        return new Read.MessageReceiptsPage(chat.key(), "bob", new Read.Named(messageId, null), after, limit);
    }

    private void assertNone(Read.OfConversation<?> read) {
        assertThat(asked(read))
                .isEqualTo(
                        new ReadAnswer.Refused<>(ErrorCode.MESSAGE_NOT_FOUND, "messageId: there is no such message"));
    }

    @Test
    void messageIsFoundByItsIdAndByItsNumberAsItIsNow() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "hello")
                .says("bob", "yes")
                .edits(2, "hello all")
                .reacts("bob", 2, "!")
                .pins("alice", 2)
                .replies("bob", 2, 1);

        JsonNode entry = answer(one(chat, "bob", "m2", null));

        assertThat(entry)
                .isEqualTo(answer(new Read.HistoryPage(
                                chat.key(), "bob", Read.Order.OLDEST_FIRST, 1, 1, 100_000, false, null))
                        .at("/messages/0"))
                .isEqualTo(answer(one(chat, "bob", "m2", 2L)));
        assertThat(entry.at("/content/text").textValue()).isEqualTo("hello all");
        assertThat(entry.at("/thread/replyCount").longValue()).isEqualTo(1);
        assertNone(one(chat, "bob", "m2", 3L));
        assertNone(one(chat, "bob", "m2", 4L));
        assertNone(one(chat, "bob", "m2", 0L));
        assertNone(one(chat, "bob", "m2", Long.MAX_VALUE));
        assertNone(one(chat, "bob", "m4", null));
        assertNone(one(chat, "bob", "none", null));
    }

    @Test
    void deletedMessageIsAnEntryWithoutContentAndWithoutReactions() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "hello")
                .reacts("bob", 2, "!")
                .deletes("alice", 2);

        JsonNode entry = answer(one(chat, "bob", "m2", null));

        assertThat(entry.has("content")).isFalse();
        assertThat(entry.path("deletedBy").textValue()).isEqualTo("alice");
        assertThat(answer(reactions(chat, null, ""))).hasToString("{\"reactions\":[]}");
    }

    @Test
    void messageThatExpiredOrMayNotBeReadIsUnknown() {
        FakeConversation chat = FakeConversation.closedGroup(views, "g", "alice", "bob")
                .says("alice", "soon gone", Duration.ofSeconds(5))
                .says("alice", "before carol")
                .joins("carol")
                .shows("carol", 4)
                .says("alice", "after");

        assertNone(one(chat, "bob", "m2", null));
        assertNone(one(chat, "bob", "m2", 2L));
        assertNone(one(chat, "carol", "m3", null));
        assertNone(one(chat, "carol", "m3", 3L));
        assertThat(answer(one(chat, "carol", "m5", null)).at("/content/text").textValue())
                .isEqualTo("after");
        assertThat(asked(one(chat, "dave", "m5", null)))
                .isInstanceOfSatisfying(
                        ReadAnswer.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.FORBIDDEN));
        retention = Duration.ofHours(1);
        assertNone(one(chat, "bob", "m5", null));
        assertNone(one(chat, "bob", "m5", 5L));
    }

    @Test
    void messageBehindVeryManyEntriesIsFoundByItsNumberAlone() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "old")
                .saysTimes(MessageReads.LOOKUP_MAX, "alice");
        int before = views.eventsRead();

        ReadAnswer<?> refused = asked(one(chat, "bob", "m2", null));

        assertThat(views.eventsRead() - before).isLessThan(MessageReads.LOOKUP_MAX + 10);
        assertThat(refused).isInstanceOfSatisfying(ReadAnswer.Refused.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(refusal.reason()).startsWith("sequenceNumber: is required");
        });
        assertThat(asked(one(chat, "bob", "none", null))).isEqualTo(refused);
        assertThat(answer(one(chat, "bob", "m2", 2L)).at("/content/text").textValue())
                .isEqualTo("old");
        assertThat(answer(one(chat, "bob", "m3", null)).path("sequenceNumber").longValue())
                .isEqualTo(3);
    }

    @Test
    void threadOfAMessageWithoutRepliesIsFoundAsItsMessage() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "old")
                .says("alice", "old, with a reply")
                .replies("bob", 3, 1)
                .saysTimes(MessageReads.THREAD_LOOKUP_MAX, "alice");
        int before = views.eventsRead();

        ReadAnswer<?> refused = asked(thread(chat, "m2", null));

        assertThat(views.eventsRead() - before).isLessThan(MessageReads.THREAD_LOOKUP_MAX + 10);
        assertThat(refused).isInstanceOfSatisfying(ReadAnswer.Refused.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(refusal.reason())
                    .startsWith("sequenceNumber: is required")
                    .contains("1000");
        });
        assertThat(asked(thread(chat, "none", null))).isEqualTo(refused);
        assertThat(answer(thread(chat, "m2", 2L)).path("messages")).isEmpty();
        assertThat(answer(thread(chat, "m5", null)).path("messages")).isEmpty();
        assertThat(answer(thread(chat, "m3", null)).path("messages"))
                .singleElement()
                .extracting(reply -> reply.path("threadSequence").longValue())
                .isEqualTo(3L);
        assertThat(answer(thread(chat, "m3", 3L)).path("messages")).hasSize(1);
        assertNone(thread(chat, "m3", 2L));
        assertNone(thread(chat, "none", 2L));
        assertNone(thread(chat, "m2", Long.MAX_VALUE));
    }

    @Test
    void threadOfAnUnknownMessageIsUnknownHoweverManyEntriesCannotBeRead() {
        FakeConversation chat = FakeConversation.closedGroup(views, "g", "alice", "bob")
                .saysTimes(3 * MessageReads.THREAD_LOOKUP_MAX, "alice")
                .joins("carol");
        chat.shows("carol", chat.last()).says("alice", "after");

        for (String unknown : List.of("m2", "none")) {
            assertNone(new Read.ThreadPage(
                    chat.key(), "carol", new Read.Named(unknown, null), Read.Order.NEWEST_FIRST, 9, 9, 9_999));
        }
    }

    private static Read.ThreadPage thread(FakeConversation chat, String messageId, @Nullable Long number) {
        return new Read.ThreadPage(
                chat.key(), "bob", new Read.Named(messageId, number), Read.Order.OLDEST_FIRST, 0, 50, 100_000);
    }

    @Test
    void everyEntryIsSearchedWhereThereAreNoMore() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").saysTimes(MessageReads.LOOKUP_MAX - 1, "alice");

        assertNone(one(chat, "bob", "none", null));
    }

    @Test
    void reactionsAreThoseOfEachUserInPages() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").says("alice", "hello");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < MessageReads.LINES_MAX; i++) {
            String userId = "u%03d".formatted(i);
            chat.reacts(userId, 2, "a");
            expected.add(userId + " a");
            if (i % 2 == 0) {
                chat.reacts(userId, 2, "b");
                expected.add(userId + " b");
            }
        }

        List<String> found = new ArrayList<>();
        String after = "";
        JsonNode page;
        do {
            page = answer(reactions(chat, null, after));
            assertThat(page.path("reactions")).hasSizeLessThanOrEqualTo(MessageReads.LINES_MAX);
            page.path("reactions")
                    .forEach(line -> found.add(line.path("userId").textValue() + " "
                            + line.path("emoji").textValue()));
            after = page.path("nextCursor").asText("").replace("user_", "");
        } while (page.has("nextCursor"));

        assertThat(found).isEqualTo(expected);
        JsonNode withB = answer(reactions(chat, "b", "u001"));
        assertThat(withB.path("reactions")).hasSize(49);
        assertThat(withB.at("/reactions/0"))
                .hasToString("{\"userId\":\"u002\",\"emoji\":\"b\",\"timestamp\":1767225606000}");
        assertThat(withB.has("nextCursor")).isFalse();
        assertThat(answer(reactions(chat, "c", "")).path("reactions")).isEmpty();
    }

    @Test
    void reactionsAreAsNewAsTheEvents() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "hello")
                .reacts("bob", 2, "!")
                .isBehind(2);

        assertThatExceptionOfType(ConversationViews.BehindException.class)
                .isThrownBy(() -> asked(reactions(chat, null, "")));
    }

    @Test
    void receiptsSayHowFarTheMessageHasComeWithTheOthers() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob", "carol", "dave")
                .says("alice", "one")
                .says("alice", "two")
                .joins("erin")
                .waitsFor("dave")
                .receives("alice", 3, 3)
                .receives("bob", 3, 2)
                .receives("carol", 2, 0)
                .receives("dave", 3, 3)
                .receives("erin", 4, 4);

        assertThat(answer(receipts(chat, "m2", "", 50)))
                .hasToString("{\"receipts\":[{\"userId\":\"bob\",\"delivered\":true,\"read\":true},"
                        + "{\"userId\":\"carol\",\"delivered\":true,\"read\":false}]}");
        assertThat(answer(receipts(chat, "m3", "", 50)))
                .hasToString("{\"receipts\":[{\"userId\":\"bob\",\"delivered\":true,\"read\":false},"
                        + "{\"userId\":\"carol\",\"delivered\":false,\"read\":false}]}");
        JsonNode first = answer(receipts(chat, "m3", "", 2));
        assertThat(first.path("receipts")).hasSize(1);
        assertThat(first.path("nextCursor").textValue()).isEqualTo("user_bob");
        assertNone(receipts(chat, "none", "", 50));
    }

    @Test
    void manyUsersWhoTookTheirReactionsBackAreWalkedOverInParts() {
        FakeConversation chat =
                FakeConversation.group(views, "g", "alice", "bob").says("alice", "hello");
        IntStream.range(0, 2_500).forEach(i -> chat.reacts("u%04d".formatted(i), 2, "a"));
        chat.reacts("z", 2, "b");

        JsonNode first = answer(reactions(chat, "b", ""));
        assertThat(first.path("reactions")).isEmpty();
        assertThat(first.path("nextCursor").textValue()).isEqualTo("user_u1999");
        assertThat(answer(reactions(chat, "b", "u1999")).path("reactions")).hasSize(1);
    }
}
