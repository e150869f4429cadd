package chat.milena.topology.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Role;
import chat.milena.topology.conversation.Command.AddMembers;
import chat.milena.topology.conversation.Command.ChangeRole;
import chat.milena.topology.conversation.Command.CreateConversation;
import chat.milena.topology.conversation.Command.RemoveMember;
import chat.milena.topology.conversation.Command.Update;
import chat.milena.topology.conversation.ConversationEvent.ConversationUpdated;
import chat.milena.topology.conversation.ConversationEvent.MemberRemoved;
import chat.milena.topology.conversation.ConversationEvent.MembersAdded;
import chat.milena.topology.conversation.ConversationEvent.RoleChanged;
import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Decision.Duplicate;
import chat.milena.topology.conversation.Decision.Rejected;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Alice made the group and is its admin; Bob and Carol are members, Dave is not.
class GroupRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final ConversationRules rules = new ConversationRules(4, 4);

    @Test
    void addingSeveralIsOneEvent() {
        Accepted accepted = accepted(group(false), new AddMembers("alice", List.of("dave", "bob"), false, Set.of()));

        assertThat(accepted.events())
                .extracting(NumberedEvent::event)
                .containsExactly(
                        new MembersAdded(List.of(new Membership("dave", Role.MEMBER, NOON, 2, null, false, 1L))));
        assertThat(accepted.next().members()).containsKey("dave");
    }

    @Test
    void memberInvitesOnlyWhereTheGroupAllowsIt() {
        AddMembers byBob = new AddMembers("bob", List.of("dave"), false, Set.of());

        assertRejected(group(false), byBob, ErrorCode.FORBIDDEN);
        assertThat(decide(group(true), byBob)).isInstanceOf(Accepted.class);
    }

    @Test
    void groupIsNotFilledBeyondItsLimit() {
        assertRejected(
                group(false), new AddMembers("alice", List.of("dave", "erin"), false, Set.of()), ErrorCode.TOO_LARGE);
    }

    @Test
    void oneWhoLeftByThemselvesRefusesTheWholeAddition() {
        AddMembers add = new AddMembers("alice", List.of("dave", "erin"), false, Set.of("erin"));

        assertRejected(group(false), add, ErrorCode.FORBIDDEN);
        assertThat(decide(group(false), new AddMembers("alice", List.of("bob"), false, Set.of("bob"))))
                .as("who is in is not concerned")
                .isEqualTo(new Duplicate(1, NOON));
    }

    @Test
    void whatANewcomerMayReadFollowsTheSettingOfThatMoment() {
        Open closed = accepted(group(false), new Update("alice", new UpdateConversation(null, null, null, false)))
                .next();

        Open next = accepted(closed, new AddMembers("alice", List.of("dave"), false, Set.of()))
                .next();

        assertThat(next.members().get("dave"))
                .extracting(Membership::firstSequence)
                .isEqualTo(3L);
        assertThat(next.members().get("bob"))
                .extracting(Membership::firstSequence)
                .isEqualTo(1L);
    }

    @Test
    void addingWhoIsInChangesNothing() {
        assertThat(decide(group(false), new AddMembers("alice", List.of("bob"), false, Set.of())))
                .isEqualTo(new Duplicate(1, NOON));
    }

    @Test
    void memberLeavesByRemovingThemself() {
        Accepted accepted = accepted(group(false), new RemoveMember("bob", "bob"));

        assertThat(accepted.events())
                .extracting(NumberedEvent::event)
                .containsExactly(new MemberRemoved(new Membership("bob", Role.MEMBER, NOON, 1, null, false, 1L)));
        assertThat(accepted.next().members()).containsOnlyKeys("alice", "carol");
    }

    @Test
    void memberRemovesNobodyElse() {
        assertRejected(group(false), new RemoveMember("bob", "carol"), ErrorCode.FORBIDDEN);
    }

    @Test
    void lastAdminsLeavingPromotesTheLongestMember() {
        Open withDave = accepted(group(false), new AddMembers("alice", List.of("Dave"), false, Set.of()))
                .next();

        Accepted accepted = accepted(withDave, new RemoveMember("alice", "alice"));

        assertThat(accepted.events())
                .extracting(
                        event -> event.position().sequenceNumber(),
                        event -> event.event().getClass())
                .containsExactly(tuple(3L, MemberRemoved.class), tuple(4L, RoleChanged.class));
        assertThat(accepted.next().members().values())
                .extracting(Membership::userId, Membership::role)
                .containsExactly(tuple("Dave", Role.MEMBER), tuple("bob", Role.ADMIN), tuple("carol", Role.MEMBER));
    }

    @Test
    void lastMemberLeavesAnEmptyGroup() {
        Open alone = accepted(
                        accepted(group(false), new RemoveMember("alice", "bob")).next(),
                        new RemoveMember("alice", "carol"))
                .next();

        Accepted accepted = accepted(alone, new RemoveMember("alice", "alice"));

        assertThat(accepted.events()).hasSize(1);
        assertThat(accepted.next().members()).isEmpty();
    }

    @Test
    void lastAdminCannotBeDemoted() {
        assertRejected(group(false), new ChangeRole("alice", "alice", Role.MEMBER), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void oneOfTwoAdminsCanBeDemoted() {
        Open two = accepted(group(false), new ChangeRole("alice", "bob", Role.ADMIN))
                .next();

        Accepted accepted = accepted(two, new ChangeRole("bob", "alice", Role.MEMBER));

        assertThat(accepted.next().members().values())
                .filteredOn(Membership::isAdmin)
                .extracting(Membership::userId)
                .containsExactly("bob");
    }

    @Test
    void onlyAMemberHasARole() {
        assertRejected(group(false), new ChangeRole("alice", "dave", Role.ADMIN), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void onlyAdminsChangeTheGroup() {
        assertRejected(group(false), new ChangeRole("bob", "carol", Role.ADMIN), ErrorCode.FORBIDDEN);
        assertRejected(group(false), update("bob", "new"), ErrorCode.FORBIDDEN);
    }

    @Test
    void updateLeavesWhatItDoesNotName() {
        Accepted accepted = accepted(group(true), update("alice", "new"));

        assertThat(accepted.events())
                .singleElement()
                .satisfies(updated -> assertThat(updated.event()).isInstanceOf(ConversationUpdated.class));
        assertThat(accepted.next().properties().name()).isEqualTo("new");
        assertThat(accepted.next().properties().settings().getAllowMemberInvites())
                .isTrue();
    }

    @Test
    void outsiderIsForbiddenAndFormerMemberToo() {
        Open withoutBob = accepted(group(true), new RemoveMember("bob", "bob")).next();

        assertRejected(group(true), new AddMembers("dave", List.of("dave"), false, Set.of()), ErrorCode.FORBIDDEN);
        assertRejected(withoutBob, new AddMembers("bob", List.of("bob"), false, Set.of()), ErrorCode.FORBIDDEN);
    }

    @Test
    void directConversationHasNoMemberCalls() {
        CreateConversation create = new CreateConversation(
                "alice",
                ConversationType.DIRECT,
                null,
                new ConversationSettings(false, false, true),
                List.of("bob"),
                false);
        Open direct = ((Accepted) rules.decide(new Absent(), null, create, NOON)).next();

        assertRejected(direct, new AddMembers("alice", List.of("carol"), false, Set.of()), ErrorCode.INVALID_REQUEST);
        assertRejected(direct, new RemoveMember("bob", "bob"), ErrorCode.INVALID_REQUEST);
        assertRejected(direct, new RemoveMember("eve", "eve"), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    private Open group(boolean allowMemberInvites) {
        CreateConversation create = new CreateConversation(
                "alice",
                ConversationType.GROUP,
                "old",
                new ConversationSettings(false, allowMemberInvites, true),
                List.of("bob", "carol"),
                false);
        return ((Accepted) rules.decide(new Absent(), null, create, NOON)).next();
    }

    private static Update update(String userId, String name) {
        return new Update(userId, new UpdateConversation(name, null, null, null));
    }

    private Accepted accepted(Open open, Command command) {
        return (Accepted) decide(open, command);
    }

    private Decision decide(Open open, Command command) {
        return rules.decide(open, null, command, NOON);
    }

    private void assertRejected(Open open, Command command, ErrorCode code) {
        assertThat(decide(open, command))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
    }
}
