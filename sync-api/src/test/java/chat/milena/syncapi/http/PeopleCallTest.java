package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.read.ReadAnswer.UserIds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who may see whom: people who share a conversation that both have joined in.
class PeopleCallTest {
    private static final SyncLimits TWO_CONVERSATIONS = new SyncLimits(
            new SyncLimits.InProgress(10, 10),
            new SyncLimits.Sync(1_000, 10, 10, 10),
            new SyncLimits.Pages(10, 10, 2),
            1_000_000,
            10);

    private final FakeReads reads = new FakeReads(Clock.fixed(FakeConversation.BEGINNING, ZoneOffset.UTC));
    private final PeopleCall people =
            new PeopleCall(reads, TWO_CONVERSATIONS, Clock.systemUTC(), new CallMeters(new SimpleMeterRegistry()));

    private List<String> sharing(String asker, String... userIds) {
        return userIds(people.sharing(key(asker), List.of(userIds)));
    }

    private static List<String> userIds(CallAnswer<UserIds> answer) {
        assertThat(answer).isInstanceOf(CallAnswer.Answered.class);
        return ((CallAnswer.Answered<UserIds>) answer).value().userIds();
    }

    private static UserKey key(String userId) {
        return new UserKey(FakeConversation.TENANT, userId);
    }

    @Test
    void nobodyIsSeenBecauseSomebodyElseMadeAConversation() {
        FakeConversation.direct(reads.views, "d", "mallory", "bob").waitsFor("bob");
        FakeConversation.group(reads.views, "g", "mallory", "alice", "bob").waitsFor("alice", "bob");

        assertThat(sharing("mallory", "alice", "bob")).isEmpty();
        assertThat(sharing("bob", "mallory")).as("neither way").isEmpty();
        assertThat(sharing("alice", "bob")).as("put together by others").isEmpty();
    }

    @Test
    void bothSeeEachOtherWhereBothHaveJoinedIn() {
        FakeConversation.direct(reads.views, "d", "alice", "bob").waitsFor("bob");
        FakeConversation.group(reads.views, "g", "alice", "bob", "carol").waitsFor("carol");

        assertThat(sharing("alice", "bob", "carol", "dave")).containsExactly("bob");
        assertThat(sharing("bob", "alice")).containsExactly("alice");
        assertThat(sharing("carol", "alice", "bob")).isEmpty();
    }

    @Test
    void groupsThatOthersPutOneIntoPushOutNothing() {
        for (int i = 0; i < 15; i++) {
            FakeConversation.group(reads.views, "a" + i, "mallory", "bob").waitsFor("bob");
        }
        FakeConversation.group(reads.views, "z", "alice", "bob");

        assertThat(sharing("alice", "bob")).containsExactly("bob");
    }

    @Test
    void typingGoesBetweenThoseWhoHaveJoinedIn() {
        var chat = FakeConversation.group(reads.views, "g", "alice", "bob", "carol", "dave")
                .waitsFor("bob", "dave");

        assertThat(userIds(people.typingAudience(key("alice"), chat.key(), 101)))
                .containsExactly("alice", "carol");
        assertThat(userIds(people.typingAudience(key("bob"), chat.key(), 101))).containsExactly("bob");
        assertThat(people.typingAudience(key("mallory"), chat.key(), 101))
                .isInstanceOfSatisfying(
                        CallAnswer.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.FORBIDDEN));
    }

    @Test
    void moreMembersThanTypingGoesToAreAllTheAnswer() {
        var chat = FakeConversation.group(reads.views, "g", "alice", "bob", "carol")
                .waitsFor("bob", "carol");

        assertThat(userIds(people.typingAudience(key("alice"), chat.key(), 3))).hasSize(3);
    }
}
