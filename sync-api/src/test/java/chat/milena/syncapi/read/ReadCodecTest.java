package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadCodecTest {
    private static final ConversationKey KEY = new ConversationKey("shop", "c1");

    @Test
    void everyReadComesBackAsItWas() throws IOException {
        List<Read> reads = List.of(
                new Read.Describe(KEY, "alice"),
                new Read.MembersPage(KEY, "alice", "bob", 50),
                new Read.ReceiptsPage(KEY, "alice", "", 50),
                new Read.HistoryPage(KEY, "alice", Order.NEWEST_FIRST, Read.HistoryPage.END, 50, 1_000_000),
                new Read.SyncOne(KEY, "alice", 17, 100, 65_536, true),
                new Read.Summary(KEY, "alice"),
                new Read.Place(KEY, "alice"),
                new Read.TypingAudience(KEY, "alice", 101),
                new Read.Memberships(new UserKey("shop", "alice"), "", 1_000),
                new Read.Joined(new UserKey("shop", "alice"), "", 1_000));

        assertThat(ReadCodec.readReads(ReadCodec.writeReads(reads))).isEqualTo(reads);
    }

    @Test
    void anAnswerIsTheSameTextWhetherItWasForwardedOrNot() throws IOException {
        FakeViews views = new FakeViews();
        String metadata = "{\"a\":1.50,\"b\":12345678901234567890.1234567890,\"c\":1E+400,\"d\":\"\\u0000é😀\"}";
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", new Content("text", "hi\u0000\u2028", null, metadata), null);
        ReadAnswer answer = new ConversationReader(tenant -> Duration.ofDays(30))
                .answer(views, new Read.SyncOne(chat.key(), "bob", 0, 10, 1_000, true), chat.clock());
        List<ReadAnswer> answers =
                List.of(answer, new ReadAnswer.Refused(ErrorCode.FORBIDDEN, "only members of this group may do that"));

        byte[] sent = ReadCodec.writeAnswers(answers);
        List<ReadAnswer> received = ReadCodec.readAnswers(sent);

        assertThat(ReadCodec.writeAnswers(received)).isEqualTo(sent);
        assertThat(received.get(1)).isEqualTo(answers.get(1));
        assertThat(new String(sent, StandardCharsets.UTF_8)).contains("12345678901234567890.1234567890");
    }

    @Test
    void whatIsNoReadIsFoundOut() {
        for (String json : List.of("", "[", "[{\"read\":\"erase\"}]", "{}", "[{}]", "[] []")) {
            assertThatThrownBy(() -> ReadCodec.readReads(json.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(IOException.class);
        }
    }
}
