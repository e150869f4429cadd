package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.read.UnreadTotals;
import chat.milena.protocol.read.UnreadTotals.Totals;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.FakeConversation;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    void whatTheInboxDoesNotShowIsLeftOut() throws Exception {
        UserKey bob = new UserKey(FakeConversation.TENANT, "bob");
        keeps(bob, "archived", true, null);
        keeps(bob, "hidden", false, 1L);
        keeps(bob, "shown again", false, 1L);
        for (String left : List.of("archived", "hidden")) {
            FakeConversation.group(reads.views, left, "alice", "bob")
                    .says("alice", "hello")
                    .replies("alice", 2, 1)
                    .lists("@", 2)
                    .follows("bob", 2, 0);
        }
        FakeConversation.group(reads.views, "shown again", "alice", "bob")
                .saysTimes(2, "alice")
                .replies("alice", 2, 1)
                .follows("bob", 2, 0);

        assertThat(new UnreadCall(reads, LIMITS).of(bob))
                .isEqualTo(new UnreadTotals(new Totals(1, 2, 0, 1), Totals.NONE));
    }

    private void keeps(UserKey user, String conversationId, boolean archived, @Nullable Long hiddenAtOrdinal) {
        Personal personal = new Personal();
        personal.setTenant(user.tenant());
        personal.setUserId(user.userId());
        personal.setConversationId(conversationId);
        personal.setArchived(archived);
        personal.setHiddenAtOrdinal(hiddenAtOrdinal);
        reads.views.personal.put(new MembershipKey(user, conversationId), personal);
    }

    @Test
    void whoIsInNoConversationHasNothingUnread() throws Exception {
        assertThat(new UnreadCall(reads, LIMITS).of(new UserKey(FakeConversation.TENANT, "eve")))
                .isEqualTo(new UnreadTotals(Totals.NONE, Totals.NONE));
    }
}
