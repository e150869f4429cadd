package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.read.UnreadTotals;
import chat.milena.protocol.read.UnreadTotals.Totals;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.FakeConversation;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class UnreadCallTest {
    static final SyncLimits LIMITS = new SyncLimits(
            new SyncLimits.InProgress(10, 10),
            new SyncLimits.Sync(10_000, 5, 100, 3),
            new SyncLimits.Pages(200, 50, 100),
            1 << 20,
            0);

    private final FakeReads reads =
            new FakeReads(Clock.fixed(FakeConversation.BEGINNING.plusSeconds(60), ZoneOffset.UTC));

    @Test
    void mutedConversationsAreApart() throws Exception {
        FakeConversation.group(reads.views, "a", "alice", "bob")
                .saysTimes(3, "alice")
                .lists("@bob", 3);
        FakeConversation.group(reads.views, "b", "alice", "bob")
                .saysTimes(2, "alice")
                .receives("bob", 3, 3);
        FakeConversation.group(reads.views, "c", "alice", "bob")
                .saysTimes(4, "alice")
                .lists("@", 3)
                .mutes("bob", FakeConversation.BEGINNING.plus(Duration.ofDays(1)));

        assertThat(new UnreadCall(reads, LIMITS).of(new UserKey(FakeConversation.TENANT, "bob")))
                .isEqualTo(new UnreadTotals(new Totals(1, 3, 1, 0), new Totals(1, 4, 1, 0)));
    }

    @Test
    void whoIsInNoConversationHasNothingUnread() throws Exception {
        assertThat(new UnreadCall(reads, LIMITS).of(new UserKey(FakeConversation.TENANT, "eve")))
                .isEqualTo(new UnreadTotals(Totals.NONE, Totals.NONE));
    }
}
