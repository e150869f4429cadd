package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.read.InboxLine;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnreadTest {
    private final FakeViews views = new FakeViews();
    private final FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob");

    @Test
    void mentionsBehindTheWatermarkCount() {
        chat.saysTimes(4, "alice")
                .lists("@bob", 2)
                .lists("@bob", 4)
                .lists("@", 5)
                .receives("bob", 3, 3);

        assertThat(line("bob").unreadMentions()).isEqualTo(2);
        assertThat(line("bob").firstUnreadSequence()).isEqualTo(4);
    }

    @Test
    void nobodyIsMentionedByTheirOwnMessages() {
        chat.saysTimes(2, "alice").lists("@", 3);

        assertThat(line("alice").unreadMentions()).isZero();
        assertThat(line("bob").unreadMentions()).isEqualTo(1);
    }

    @Test
    void expiredMentionDoesNotCount() {
        chat.says("alice", "soon over", Duration.ofSeconds(2)).lists("@bob", 2).saysTimes(5, "alice");

        InboxLine line = line("bob");

        assertThat(line.unreadMentions()).isZero();
        assertThat(line.unreadCount()).isEqualTo(5);
        assertThat(line.firstUnreadSequence()).isEqualTo(3);
    }

    @Test
    void firstUnreadMessageIsFoundBehindManyChanges() {
        for (int i = 0; i < 3_000; i++) {
            chat.gives("bob", "member");
        }
        chat.says("alice", "hello");
        int before = views.eventsRead();

        assertThat(line("bob").firstUnreadSequence()).isEqualTo(chat.last());
        assertThat(views.eventsRead() - before).isLessThan(200);
    }

    @Test
    void whatIsReadLeavesNoFirst() {
        chat.saysTimes(2, "alice").receives("bob", 3, 3);

        assertThat(line("bob").firstUnreadSequence()).isNull();
    }

    private InboxLine line(String userId) {
        ReadAnswer<?> answer = new ConversationReader(tenant -> Duration.ofDays(30))
                .answer(views, new Read.Summary(chat.key(), userId), chat.clock());
        return (InboxLine) ((ReadAnswer.Answered<?>) answer).value();
    }
}
