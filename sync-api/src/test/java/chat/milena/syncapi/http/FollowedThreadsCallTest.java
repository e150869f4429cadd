package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.read.FollowedThreads;
import chat.milena.protocol.read.FollowedThreads.Line;
import chat.milena.protocol.read.UnreadTotals;
import chat.milena.protocol.read.UnreadTotals.Totals;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.read.Cursors;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FollowedThreadsCallTest {
    private static final UserKey BOB = new UserKey(FakeConversation.TENANT, "bob");
    private static final SyncLimits LIMITS = UnreadCallTest.LIMITS;

    private final FakeReads reads =
            new FakeReads(Clock.fixed(FakeConversation.BEGINNING.plusSeconds(60), ZoneOffset.UTC));
    private final FollowedThreadsCall call = new FollowedThreadsCall(reads, LIMITS);

    @Test
    void latestThreadComesFirstAndPagesHoldEachOnce() throws Exception {
        FakeConversation.group(reads.views, "a", "alice", "bob")
                .saysTimes(2, "alice")
                .replies("alice", 2, 1)
                .replies("alice", 3, 1)
                .replies("alice", 3, 2)
                .follows("bob", 2, 1)
                .follows("bob", 3, 0);
        FakeConversation.group(reads.views, "b", "alice", "bob")
                .saysTimes(9, "alice")
                .replies("alice", 2, 1)
                .follows("bob", 2, 0);

        FollowedThreads first = call.page(BOB, Optional.empty(), 2);
        FollowedThreads second = call.page(BOB, Cursors.parseThread(Objects.requireNonNull(first.nextCursor())), 2);

        assertThat(first.threads()).extracting(Line::conversationId).containsExactly("b", "a");
        assertThat(first.threads()).extracting(Line::unreadCount).containsExactly(1L, 2L);
        assertThat(second.threads()).extracting(Line::unreadCount).containsExactly(0L);
        assertThat(second.nextCursor()).isNull();
    }

    @Test
    void threadsThatOneMayNotReadAreLeftOut() throws Exception {
        FakeConversation.group(reads.views, "left", "alice", "bob")
                .saysTimes(1, "alice")
                .replies("alice", 2, 1)
                .follows("bob", 2, 0)
                .leaves("bob");
        FakeConversation.closedGroup(reads.views, "later", "alice")
                .saysTimes(1, "alice")
                .joins("bob")
                .replies("alice", 2, 1)
                .follows("bob", 2, 0);
        FakeConversation.group(reads.views, "none", "alice", "bob")
                .saysTimes(1, "alice")
                .follows("bob", 2, 0);

        assertThat(call.page(BOB, Optional.empty(), 10).threads()).isEmpty();
    }

    @Test
    void unreadThreadsAreCountedMutedOnesApart() throws Exception {
        FakeConversation.group(reads.views, "a", "alice", "bob")
                .saysTimes(1, "alice")
                .replies("alice", 2, 1)
                .follows("bob", 2, 0)
                .receives("bob", 2, 2);
        FakeConversation.group(reads.views, "b", "alice", "bob")
                .saysTimes(2, "alice")
                .replies("alice", 2, 1)
                .replies("alice", 3, 1)
                .follows("bob", 2, 0)
                .follows("bob", 3, 1)
                .receives("bob", 3, 3)
                .mutes("bob", FakeConversation.BEGINNING.plus(Duration.ofDays(1)));

        assertThat(new UnreadCall(reads, LIMITS).of(BOB))
                .isEqualTo(new UnreadTotals(new Totals(0, 0, 0, 1), new Totals(0, 0, 0, 1)));
    }
}
