package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.read.InboxLine;
import chat.milena.protocol.timeline.Entry;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
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

    /// The walk of the newest events ends before the deletions do: the list says the rest.
    @Test
    void deletedMessagesDoNotCountHoweverManyThereAre() {
        chat.says("alice", "stands");
        for (int i = 0; i < 700; i++) {
            chat.says("alice", "goes");
        }
        for (long number = 3; number <= 702; number++) {
            chat.deletes("alice", number);
        }

        assertThat(line("bob").unreadCount()).isEqualTo(1);
        assertThat(line("bob").firstUnreadSequence()).isEqualTo(2);
        assertThat(line("bob").lastMessage()).extracting(Entry::sequenceNumber).isEqualTo(2L);
    }

    @Test
    void messagesDeletedOneByOneDoNotCount() {
        chat.says("alice", "stands");
        for (int i = 0; i < 540; i++) {
            chat.says("alice", "goes").deletes("alice", chat.last());
        }

        assertThat(line("bob").unreadCount()).isEqualTo(1);
        assertThat(line("bob").lastMessage()).extracting(Entry::sequenceNumber).isEqualTo(2L);
        assertThat(line("bob").lastEventAt())
                .isEqualTo(FakeConversation.BEGINNING.plusSeconds(1).toEpochMilli());
    }

    /// Runs of sends, deletions, changes of the group and messages with an end, more than a page of each.
    @RepeatedTest(20)
    void countsAreThoseOfTheLog() {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Long> standing = new ArrayList<>();
        while (chat.last() < 5_000) {
            int run = 1 + random.nextInt(random.nextInt(10) == 0 ? 1_200 : 30);
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    for (int i = 0; i < run; i++) {
                        chat.says("alice", "text");
                        standing.add(chat.last());
                    }
                }
                case 2, 3 -> {
                    for (int i = 0; i < run && !standing.isEmpty(); i++) {
                        int newest = standing.size() - 1;
                        int at = random.nextInt(4) == 0 ? random.nextInt(standing.size()) : newest;
                        chat.deletes("alice", standing.remove(at));
                    }
                }
                case 4 -> {
                    for (int i = 0; i < run; i++) {
                        chat.says("alice", "goes").deletes("alice", chat.last());
                    }
                }
                case 5 -> {
                    for (int i = 0; i < run % 20; i++) {
                        chat.says("alice", "brief", Duration.ofMillis(1));
                    }
                }
                default -> chat.gives("bob", "member");
            }
            long read = random.nextLong(chat.last());
            chat.receives("bob", read, read);
            List<Long> unread =
                    standing.stream().filter(number -> number > read).sorted().toList();
            InboxLine line = line("bob");
            assertThat(line.unreadCount()).as("seed %d", seed).isEqualTo(unread.size());
            assertThat(line.firstUnreadSequence())
                    .as("seed %d", seed)
                    .isEqualTo(unread.isEmpty() ? null : unread.getFirst());
            Entry last = line.lastMessage();
            assertThat(last == null ? null : last.sequenceNumber())
                    .as("seed %d", seed)
                    .isEqualTo(standing.isEmpty() ? null : Collections.max(standing));
        }
    }

    private InboxLine line(String userId) {
        ReadAnswer<?> answer = new ConversationReader(tenant -> Duration.ofDays(30))
                .answer(views, new Read.Summary(chat.key(), userId), chat.clock());
        return (InboxLine) ((ReadAnswer.Answered<?>) answer).value();
    }
}
