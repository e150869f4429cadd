package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.call.Notifiable;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Mentions;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NotifiableTest {
    private final FakeViews views = new FakeViews();

    private Notifiable read(FakeConversation chat, String userId, long after, long upTo, int limit) {
        Read.NotifiableIn read = new Read.NotifiableIn(chat.key(), userId, after, upTo, null, limit);
        ReadAnswer<?> answer = new ConversationReader(tenant -> Duration.ofDays(30)).answer(views, read, chat.clock());
        return ((ReadAnswer.Answered<Notifiable>) read.narrow(answer)).value();
    }

    @Test
    void messagesBetweenTwoNumbersAreNewestFirst() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .saysTimes(3, "alice")
                .receives("bob", 4, 2);
        Notifiable all = read(chat, "bob", 0, 100, 50);
        assertThat(all.direct()).isFalse();
        assertThat(all.readUpTo()).isEqualTo(2);
        assertThat(all.messages()).extracting(Notifiable.Line::sequenceNumber).containsExactly(4L, 3L, 2L);
        assertThat(read(chat, "bob", 2, 3, 50).messages())
                .extracting(Notifiable.Line::sequenceNumber)
                .containsExactly(3L);
        assertThat(read(chat, "bob", 0, 100, 2).messages()).hasSize(2);
        assertThat(read(chat, "bob", 7, 3, 2).messages()).isEmpty();
    }

    @Test
    void eachLineSaysHowTheMessageStands() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", new Content("text", "hi", null, null, new Mentions(List.of("bob"), false)), null)
                .says("alice", new Content("image", null, "https://x.org/a", null, null), Duration.ofSeconds(1))
                .replies("alice", 2, 1)
                .says("alice", "gone")
                .deletes("alice", 5);
        List<Notifiable.Line> lines = read(chat, "bob", 0, 100, 50).messages();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0).deleted()).isTrue();
        assertThat(lines.get(0).text()).isNull();
        assertThat(Objects.requireNonNull(lines.get(1).thread()).alone()).isTrue();
        assertThat(lines.get(2).type()).isEqualTo("image");
        assertThat(lines.get(2).expiresAt()).isNotNull();
        assertThat(lines.get(3).mentioned()).isTrue();
        assertThat(lines.get(3).text()).isEqualTo("hi");
        assertThat(read(chat, "alice", 0, 100, 50).messages().get(3).mentioned())
                .isFalse();
    }

    @Test
    void memberSeesNothingFromBeforeTheFirstNumberAndAnOutsiderNothing() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .saysTimes(3, "alice")
                .shows("bob", 4);
        assertThat(read(chat, "bob", 0, 100, 50).messages())
                .extracting(Notifiable.Line::sequenceNumber)
                .containsExactly(4L);
        Read.NotifiableIn outsider = new Read.NotifiableIn(chat.key(), "mallory", 0, 100, null, 50);
        assertThat(new ConversationReader(tenant -> Duration.ofDays(30)).answer(views, outsider, chat.clock()))
                .isInstanceOf(ReadAnswer.Refused.class);
    }
}
