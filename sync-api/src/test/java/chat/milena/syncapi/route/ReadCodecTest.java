package chat.milena.syncapi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import chat.milena.syncapi.read.Answers;
import chat.milena.syncapi.read.ConversationReader;
import chat.milena.syncapi.read.MembershipReader;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.Read.Order;
import chat.milena.syncapi.read.ReadAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadCodecTest {
    private static final ConversationKey KEY = new ConversationKey("shop", "c1");

    @Test
    void everyReadComesBackAsItWas() throws IOException {
        List<Read<?>> reads = List.of(
                new Read.Describe(KEY, "alice"),
                new Read.MembersPage(KEY, "alice", "bob", 50),
                new Read.ReceiptsPage(KEY, "alice", "", 50),
                new Read.HistoryPage(
                        KEY, "alice", Order.NEWEST_FIRST, Read.HistoryPage.END, 50, 1_000_000, false, null),
                new Read.SyncOne(KEY, "alice", 17, 100, 65_536, true),
                new Read.Summary(KEY, "alice"),
                new Read.Place(KEY, "alice"),
                new Read.PinsPage(KEY, "alice", 3, 65_536),
                new Read.OneMessage(KEY, "alice", new Read.Named("m1", 3L)),
                new Read.ReactionsPage(KEY, "alice", new Read.Named("m1", null), "!", "bob"),
                new Read.MessageReceiptsPage(KEY, "alice", new Read.Named("m1", null), "bob", 50),
                new Read.UnreadOf(KEY, "alice"),
                new Read.ThreadPage(KEY, "alice", new Read.Named("m1", 2L), Order.OLDEST_FIRST, 3, 50, 65_536),
                new Read.ThreadStand(KEY, "alice", new Read.Followed("c1", "m1", 2, 3)),
                new Read.ThreadLine(KEY, "alice", new Read.Followed("c1", "m1", 2, 3)),
                new Read.FollowedBy(new UserKey("shop", "alice"), 100),
                new Read.TypingAudience(KEY, "alice", 101),
                new Read.NotifiableIn(KEY, "alice", 2, 9, List.of(5L), 50),
                new Read.NotifiedUser(new UserKey("shop", "alice"), "phone", "c1", List.of("bob"), List.of("m1")),
                new Read.Memberships(new UserKey("shop", "alice"), "", 1_000),
                new Read.Joined(new UserKey("shop", "alice"), "", 1_000));

        assertThat(ReadCodec.readReads(ReadCodec.writeReads(reads))).isEqualTo(reads);
        assertThat(reads).allSatisfy(read -> assertThat(read.answerType()).matches(Class::isRecord));
    }

    /// Else they would reject the read.
    @Test
    void instancesOfTheVersionBeforeSeeNoFieldThatTheyDoNotKnow() throws IOException {
        byte[] sent = ReadCodec.writeReads(List.of(new Read.NotifiableIn(KEY, "alice", 2, 9, List.of(), 50)));

        assertThat(new String(sent, StandardCharsets.UTF_8)).doesNotContain("releases");
    }

    @Test
    void anAnswerIsTheSameTextWhetherItWasForwardedOrNot() throws IOException {
        FakeViews views = new FakeViews();
        String metadata = "{\"a\":1.50,\"b\":12345678901234567890.1234567890,\"c\":1E+400,\"d\":\"\\u0000é😀\"}";
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", new Content("text", "hi\u0000\u2028", null, metadata, null), null);
        Read.SyncOne read = new Read.SyncOne(chat.key(), "bob", 0, 10, 2_000, true);
        ReadAnswer<?> answer = new ConversationReader(tenant -> Duration.ofDays(30)).answer(views, read, chat.clock());
        List<ReadAnswer<?>> answers = List.of(
                answer, new ReadAnswer.Refused<>(ErrorCode.FORBIDDEN, "only members of this group may do that"));

        byte[] sent = ReadCodec.writeAnswers(answers);
        List<ReadAnswer<?>> received = ReadCodec.readAnswers(sent, List.of(read, read));

        assertThat(received).isEqualTo(answers);
        assertThat(Answers.json(received.get(0)).toString())
                .isEqualTo(Answers.json(answer).toString());
        assertThat(ReadCodec.writeAnswers(received)).isEqualTo(sent);
        assertThat(received.get(1)).isEqualTo(answers.get(1));
        assertThat(new String(sent, StandardCharsets.UTF_8)).contains("12345678901234567890.1234567890");
    }

    @Test
    void everyAnswerComesBackAsItWas() throws IOException {
        FakeViews views = new FakeViews();
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .joins("carol")
                .gives("carol", "admin")
                .leaves("carol")
                .event("poll.opened")
                .says("bob", new Content("text", "hi", null, null, new Mentions(List.of("alice"), false)), null)
                .says("bob", new Content("text", "hi", null, null, new Mentions(List.of(), true)), null)
                .says("alice", new Content("location", "here", "https://x.org/a", "{}", null), Duration.ofHours(1))
                .receives("bob", 5, 4)
                .mutes("alice", FakeConversation.BEGINNING.plus(Duration.ofDays(1)));
        ConversationReader conversations = new ConversationReader(tenant -> Duration.ofDays(30));
        UserKey alice = new UserKey(FakeConversation.TENANT, "alice");
        List<Read.OfConversation<?>> ofConversation = List.of(
                new Read.Describe(chat.key(), "alice"),
                new Read.MembersPage(chat.key(), "alice", "", 1),
                new Read.ReceiptsPage(chat.key(), "alice", "", 50),
                new Read.HistoryPage(
                        chat.key(), "alice", Order.NEWEST_FIRST, Read.HistoryPage.END, 50, 1_000_000, false, null),
                new Read.SyncOne(chat.key(), "alice", 100, 100, 65_536, true),
                new Read.Summary(chat.key(), "alice"),
                new Read.Place(chat.key(), "alice"),
                new Read.UnreadOf(chat.key(), "alice"),
                new Read.NotifiableIn(chat.key(), "alice", 0, 100, null, 50),
                new Read.TypingAudience(chat.key(), "alice", 101));
        List<Read.OfUser<?>> ofUser = List.of(new Read.Memberships(alice, "", 10), new Read.Joined(alice, "", 10));
        List<Read<?>> reads = new ArrayList<>(ofConversation);
        reads.addAll(ofUser);
        List<ReadAnswer<?>> answers = new ArrayList<>();
        ofConversation.forEach(read -> answers.add(conversations.answer(views, read, chat.clock())));
        ofUser.forEach(read -> answers.add(new MembershipReader().answer(views, read, chat.clock())));
        assertThat(answers).allSatisfy(answer -> assertThat(answer).isInstanceOf(ReadAnswer.Answered.class));

        assertThat(ReadCodec.readAnswers(ReadCodec.writeAnswers(answers), reads))
                .isEqualTo(answers);
    }

    @Test
    void whatIsNoAnswerIsFoundOut() {
        List<Read<?>> read = List.of(new Read.Describe(KEY, "alice"));
        for (String json : List.of("", "[", "[]", "{}", "[{}]", "[null]", "[{\"answered\":7}]", "[] []")) {
            assertThatThrownBy(() -> ReadCodec.readAnswers(json.getBytes(StandardCharsets.UTF_8), read))
                    .as(json)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatIsNoReadIsFoundOut() {
        for (String json : List.of("", "[", "[{\"read\":\"erase\"}]", "{}", "[{}]", "[] []")) {
            assertThatThrownBy(() -> ReadCodec.readReads(json.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(IOException.class);
        }
    }
}
