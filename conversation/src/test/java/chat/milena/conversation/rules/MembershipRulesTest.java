package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change.MembershipChanged;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Command.Mute;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MembershipRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final ConversationRules rules = new ConversationRules(10, 10, 9, Duration.ofDays(30), Duration.ZERO);

    private Open created(ConversationType type, boolean accepted, String... others) {
        CreateConversation create = new CreateConversation(
                Actor.member("alice"),
                type,
                "n",
                new ConversationSettings(false, false, true, false, 0, false),
                List.of(others),
                accepted);
        return Objects.requireNonNull(decide(new Absent(), create).next(), "refused");
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

        Changes changes = decide(direct, accepts("bob"));

        Open next = Objects.requireNonNull(changes.next(), "refused");
        assertThat(changes.list().getFirst())
                .isEqualTo(new MembershipChanged(
                        Objects.requireNonNull(next.members().get("bob"))));
        assertThat(changes.events()).isEmpty();
        assertThat(changes.answer()).isEqualTo(new Accepted(1, NOON));
        assertThat(hasJoinedIn(next, "bob")).isTrue();
        assertThat(next.position()).isEqualTo(direct.position());
        assertThat(decide(next, accepts("bob"))).extracting(Changes::answer).isEqualTo(new Duplicate(1, NOON));
        assertThat(decide(direct, accepts("alice"))).extracting(Changes::answer).isEqualTo(new Duplicate(1, NOON));
    }

    @Test
    void muteDoesNotTakeItBack() {
        Open direct = created(ConversationType.DIRECT, false, "bob");

        assertThat(decide(direct, new Mute(Actor.member("alice"), NOON)).list())
                .singleElement()
                .isInstanceOfSatisfying(MembershipChanged.class, changed -> {
                    assertThat(changed.member().accepted()).isTrue();
                    assertThat(changed.member().mutedUntil()).isEqualTo(NOON);
                });
    }

    @Test
    void outsidersAreAnsweredAsByEveryOtherCommand() {
        assertThat(codeOf(decide(created(ConversationType.DIRECT, false, "bob"), accepts("eve"))))
                .isEqualTo(ErrorCode.CONVERSATION_NOT_FOUND);
        assertThat(codeOf(decide(created(ConversationType.GROUP, false, "bob"), accepts("eve"))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(decide(new Absent(), accepts("eve")))).isEqualTo(ErrorCode.CONVERSATION_NOT_FOUND);
    }

    private Changes decide(ConversationState state, Command command) {
        return rules.decide(state, command, FakeLookups.none(), NOON);
    }

    private static Keep accepts(String userId) {
        return new Keep(
                Actor.member(userId),
                ChangePersonal.newBuilder().setAccepts(true).build());
    }

    private static ErrorCode codeOf(Changes changes) {
        return ((Rejected) changes.answer()).code();
    }
}
