package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change.DepartureDeleted;
import chat.milena.conversation.command.Change.FollowEnded;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.ChangeRole;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.Update;
import chat.milena.conversation.state.ConversationEvent.ConversationUpdated;
import chat.milena.conversation.state.ConversationEvent.MemberRemoved;
import chat.milena.conversation.state.ConversationEvent.MembersAdded;
import chat.milena.conversation.state.ConversationEvent.RoleChanged;
import chat.milena.conversation.state.ConversationProperties.Profile;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.NumberedEvent;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Alice made the group and is its admin; Bob and Carol are members, Dave is not.
class GroupRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final ConversationRules rules = new ConversationRules(4, 4, 3, Duration.ofDays(30), Duration.ZERO);
    private final ConversationRules large = new ConversationRules(5, 5, 4, Duration.ofDays(30), Duration.ZERO);
    private final FakeLookups lookups = FakeLookups.none();

    @Test
    void addingSeveralIsOneEvent() {
        Changes accepted = accepted(group(false), add("alice", List.of("dave", "bob")));

        assertThat(accepted.events())
                .extracting(NumberedEvent::event)
                .containsExactly(new MembersAdded(
                        List.of(new Membership("dave", Role.MEMBER, NOON, 2, null, false, 1L, false)), true));
        assertThat(next(accepted).members()).containsKey("dave");
    }

    @Test
    void memberInvitesOnlyWhereTheGroupAllowsIt() {
        AddMembers byBob = add("bob", List.of("dave"));

        assertRejected(group(false), byBob, ErrorCode.FORBIDDEN);
        assertThat(decide(group(true), byBob).answer()).isInstanceOf(Accepted.class);
    }

    @Test
    void groupIsNotFilledBeyondItsLimit() {
        assertRejected(group(false), add("alice", List.of("dave", "erin")), ErrorCode.TOO_LARGE);
    }

    @Test
    void oneWhoLeftByThemselvesRefusesTheWholeAddition() {
        lookups.withLeft("erin");
        AddMembers add = new AddMembers(Actor.member("alice"), List.of("dave", "erin"), false, List.of("dave"));

        assertRejected(large, group(false), add, ErrorCode.FORBIDDEN);
        assertThat(decide(
                                large,
                                group(false),
                                new AddMembers(Actor.member("alice"), add.userIds(), false, List.of("erin")))
                        .list())
                .as("a contact brings them back, and it is noted that they are")
                .hasSize(2)
                .endsWith(new DepartureDeleted("erin"));
        lookups.withLeft("bob");
        assertThat(decide(group(false), add("alice", List.of("bob"))))
                .as("people who are in are not concerned")
                .isEqualTo(Changes.none(new Duplicate(1, NOON), group(false)));
    }

    @Test
    void whoIsOutFollowsNoThreadAnyLonger() {
        Follow bobs = new Follow("bob", "m1", 2, 1);
        lookups.with(bobs).with(new Follow("carol", "m1", 2, 1));

        for (String actor : List.of("alice", "bob")) {
            assertThat(decide(group(false), new RemoveMember(Actor.member(actor), "bob"))
                            .list())
                    .filteredOn(FollowEnded.class::isInstance)
                    .containsExactly(new FollowEnded(bobs));
        }
    }

    @Test
    void theProfileIsChangedFieldByFieldAndAnEmptyTextRemovesAField() {
        Open shown = next(accepted(group(false), profile(null, "https://a.test/1", "{}")));

        assertThat(shown.properties().profile()).isEqualTo(new Profile("old", "https://a.test/1", "{}"));
        assertThat(next(accepted(shown, profile("new", null, ""))).properties().profile())
                .isEqualTo(new Profile("new", "https://a.test/1", null));
        assertThat(decide(shown, profile("old", "https://a.test/1", "{}")))
                .as("no event for what is so already")
                .isEqualTo(Changes.none(new Duplicate(2, NOON), shown));
        assertThat(next(accepted(shown, update("alice", "renamed")))
                        .properties()
                        .profile())
                .isEqualTo(new Profile("renamed", "https://a.test/1", "{}"));
    }

    private static Update profile(@Nullable String name, @Nullable String avatarUrl, @Nullable String custom) {
        return new Update(
                Actor.member("alice"),
                new UpdateConversation(name, null, null, null, null, avatarUrl, custom, null, null));
    }

    @Test
    void whatANewcomerMayReadFollowsTheSettingOfThatMoment() {
        Open closed = next(accepted(
                group(false),
                new Update(
                        Actor.member("alice"),
                        new UpdateConversation(null, null, null, false, null, null, null, null, null))));

        Open next = next(accepted(closed, add("alice", List.of("dave"))));

        assertThat(next.members().get("dave"))
                .extracting(Membership::firstSequence)
                .isEqualTo(3L);
        assertThat(next.members().get("bob"))
                .extracting(Membership::firstSequence)
                .isEqualTo(1L);
    }

    @Test
    void addingWhoIsInChangesNothing() {
        assertThat(decide(group(false), add("alice", List.of("bob"))))
                .isEqualTo(Changes.none(new Duplicate(1, NOON), group(false)));
    }

    @Test
    void memberLeavesByRemovingThemself() {
        Changes accepted = accepted(group(false), new RemoveMember(Actor.member("bob"), "bob"));

        assertThat(accepted.events())
                .extracting(NumberedEvent::event)
                .containsExactly(
                        new MemberRemoved(new Membership("bob", Role.MEMBER, NOON, 1, null, false, 1L, false)));
        assertThat(next(accepted).members()).containsOnlyKeys("alice", "carol");
    }

    @Test
    void memberRemovesNobodyElse() {
        assertRejected(group(false), new RemoveMember(Actor.member("bob"), "carol"), ErrorCode.FORBIDDEN);
    }

    @Test
    void lastAdminsLeavingPromotesTheLongestMember() {
        Open withDave = next(accepted(group(false), add("alice", List.of("Dave"))));

        Changes accepted = accepted(withDave, new RemoveMember(Actor.member("alice"), "alice"));

        assertThat(accepted.events())
                .extracting(
                        event -> event.position().sequenceNumber(),
                        event -> event.event().getClass())
                .containsExactly(tuple(3L, MemberRemoved.class), tuple(4L, RoleChanged.class));
        assertThat(next(accepted).members().values())
                .extracting(Membership::userId, Membership::role)
                .containsExactly(tuple("Dave", Role.MEMBER), tuple("bob", Role.ADMIN), tuple("carol", Role.MEMBER));
    }

    @Test
    void lastMemberLeavesAnEmptyGroup() {
        Open two = next(accepted(group(false), new RemoveMember(Actor.member("alice"), "bob")));
        Open alone = next(accepted(two, new RemoveMember(Actor.member("alice"), "carol")));

        Changes accepted = accepted(alone, new RemoveMember(Actor.member("alice"), "alice"));

        assertThat(accepted.events()).hasSize(1);
        assertThat(next(accepted).members()).isEmpty();
    }

    @Test
    void lastAdminCannotBeDemoted() {
        assertRejected(
                group(false), new ChangeRole(Actor.member("alice"), "alice", Role.MEMBER), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void oneOfTwoAdminsCanBeDemoted() {
        Open two = next(accepted(group(false), new ChangeRole(Actor.member("alice"), "bob", Role.ADMIN)));

        Changes accepted = accepted(two, new ChangeRole(Actor.member("bob"), "alice", Role.MEMBER));

        assertThat(next(accepted).members().values())
                .filteredOn(Membership::isAdmin)
                .extracting(Membership::userId)
                .containsExactly("bob");
    }

    @Test
    void onlyAMemberHasARole() {
        assertRejected(
                group(false), new ChangeRole(Actor.member("alice"), "dave", Role.ADMIN), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void onlyAdminsChangeTheGroup() {
        assertRejected(group(false), new ChangeRole(Actor.member("bob"), "carol", Role.ADMIN), ErrorCode.FORBIDDEN);
        assertRejected(group(false), update("bob", "new"), ErrorCode.FORBIDDEN);
    }

    @Test
    void updateLeavesWhatItDoesNotName() {
        Changes accepted = accepted(group(true), update("alice", "new"));

        assertThat(accepted.events())
                .singleElement()
                .satisfies(updated -> assertThat(updated.event()).isInstanceOf(ConversationUpdated.class));
        assertThat(next(accepted).properties().profile().name()).isEqualTo("new");
        assertThat(next(accepted).properties().settings().getAllowMemberInvites())
                .isTrue();
    }

    @Test
    void outsiderIsForbiddenAndFormerMemberToo() {
        Open withoutBob = next(accepted(group(true), new RemoveMember(Actor.member("bob"), "bob")));

        assertRejected(group(true), add("dave", List.of("dave")), ErrorCode.FORBIDDEN);
        assertRejected(withoutBob, add("bob", List.of("bob")), ErrorCode.FORBIDDEN);
    }

    @Test
    void directConversationHasNoMemberCalls() {
        CreateConversation create = new CreateConversation(
                Actor.member("alice"),
                ConversationType.DIRECT,
                null,
                new ConversationSettings(false, false, true, false, 0, false),
                List.of("bob"),
                false);
        Open direct = next(rules.decide(new Absent(), create, lookups, NOON));

        assertRejected(direct, add("alice", List.of("carol")), ErrorCode.INVALID_REQUEST);
        assertRejected(direct, new RemoveMember(Actor.member("bob"), "bob"), ErrorCode.INVALID_REQUEST);
        assertRejected(direct, new RemoveMember(Actor.member("eve"), "eve"), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    private Open group(boolean allowMemberInvites) {
        CreateConversation create = new CreateConversation(
                Actor.member("alice"),
                ConversationType.GROUP,
                "old",
                new ConversationSettings(false, allowMemberInvites, true, false, 0, false),
                List.of("bob", "carol"),
                false);
        return next(rules.decide(new Absent(), create, lookups, NOON));
    }

    private static Update update(String userId, String name) {
        return new Update(
                Actor.member(userId), new UpdateConversation(name, null, null, null, null, null, null, null, null));
    }

    private static AddMembers add(String userId, List<String> userIds) {
        return new AddMembers(Actor.member(userId), userIds, false, List.of());
    }

    private Changes accepted(Open open, Command command) {
        Changes changes = decide(open, command);
        assertThat(changes.answer()).isInstanceOf(Accepted.class);
        return changes;
    }

    private static Open next(Changes changes) {
        return Objects.requireNonNull(changes.next(), "refused");
    }

    private Changes decide(Open open, Command command) {
        return decide(rules, open, command);
    }

    private Changes decide(ConversationRules by, Open open, Command command) {
        return by.decide(open, command, lookups, NOON);
    }

    private void assertRejected(Open open, Command command, ErrorCode code) {
        assertRejected(rules, open, command, code);
    }

    private void assertRejected(ConversationRules by, Open open, Command command, ErrorCode code) {
        Changes changes = decide(by, open, command);
        assertThat(changes).isEqualTo(Changes.none(changes.answer()));
        assertThat(changes.answer())
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
    }
}
