package chat.milena.topology.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.topology.conversation.Command.CreateConversation;
import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Decision.Rejected;
import chat.milena.topology.conversation.MembershipDecision.Changed;
import chat.milena.topology.conversation.MembershipDecision.Unchanged;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final ConversationRules rules = new ConversationRules(10, 10);

    private Open created(ConversationType type, boolean accepted, String... others) {
        CreateConversation create = new CreateConversation(
                "alice", type, "n", new ConversationSettings(false, false, true), List.of(others), accepted);
        return ((Accepted) rules.decide(new Absent(), null, create, NOON)).next();
    }

    private static boolean hasJoinedIn(Open open, String userId) {
        Membership member = open.members().get(userId);
        return member != null && member.accepted();
    }

    @Test
    void whoCreatesItHasJoinedIn() {
        Open direct = created(ConversationType.DIRECT, true, "bob");
        Open group = created(ConversationType.GROUP, false, "bob");
        Open vouched = created(ConversationType.GROUP, true, "bob");

        assertThat(List.of(hasJoinedIn(direct, "alice"), hasJoinedIn(group, "alice")))
                .containsOnly(true);
        assertThat(hasJoinedIn(direct, "bob"))
                .as("no rule joins the other side of a direct conversation in")
                .isFalse();
        assertThat(hasJoinedIn(group, "bob")).isFalse();
        assertThat(hasJoinedIn(vouched, "bob")).isTrue();
    }

    @Test
    void acceptingChangesOneMembershipAndNeitherNumberNorTime() {
        Open direct = created(ConversationType.DIRECT, false, "bob");

        assertThat(MembershipRules.accept(direct, "bob")).isInstanceOfSatisfying(Changed.class, changed -> {
            assertThat(hasJoinedIn(changed.next(), "bob")).isTrue();
            assertThat(changed.next().position()).isEqualTo(direct.position());
            assertThat(MembershipRules.accept(changed.next(), "bob")).isInstanceOf(Unchanged.class);
        });
        assertThat(MembershipRules.accept(direct, "alice")).isInstanceOf(Unchanged.class);
    }

    @Test
    void muteDoesNotTakeItBack() {
        Open direct = created(ConversationType.DIRECT, false, "bob");

        assertThat(MembershipRules.mute(direct, "alice", NOON))
                .isInstanceOfSatisfying(
                        Changed.class,
                        changed -> assertThat(changed.member().accepted()).isTrue());
    }

    @Test
    void outsidersAreAnsweredAsByEveryOtherCommand() {
        assertThat(MembershipRules.accept(created(ConversationType.DIRECT, false, "bob"), "eve"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(ErrorCode.CONVERSATION_NOT_FOUND));
        assertThat(MembershipRules.accept(created(ConversationType.GROUP, false, "bob"), "eve"))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(ErrorCode.FORBIDDEN));
        assertThat(MembershipRules.accept(new Absent(), "eve"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(ErrorCode.CONVERSATION_NOT_FOUND));
    }
}
