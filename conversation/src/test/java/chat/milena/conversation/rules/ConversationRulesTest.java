package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.DeliveryRoute;
import chat.milena.conversation.state.ConversationEvent.ConversationCreated;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.NumberedEvent;
import chat.milena.conversation.state.Position;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConversationRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final ConversationRules rules = new ConversationRules(10, 5, 4, Duration.ofDays(30), Duration.ZERO);

    @Test
    void conversationBeginsWithNumberOne() {
        Open open = group(false, "bob", "carol");

        assertThat(open.position()).isEqualTo(new Position(1, 0, 0, 0, 0, 0, 0, NOON));
        assertThat(open.members().values())
                .extracting(Membership::userId, Membership::role)
                .containsExactly(tuple("alice", Role.ADMIN), tuple("bob", Role.MEMBER), tuple("carol", Role.MEMBER));
    }

    @Test
    void messageTakesTheNextNumber() {
        Instant now = NOON.plusMillis(5);

        Changes changes = decide(group(false, "bob"), null, send("bob", "m1"), now);

        Open next = next(changes);
        assertThat(next.position()).isEqualTo(new Position(2, 1, 0, 0, 0, 0, 0, now));
        NumberedEvent sent = new NumberedEvent(
                next.position(), new MessageSent(message("m1"), next.members().get("bob"), null, null));
        assertThat(changes)
                .isEqualTo(new Changes(
                        next,
                        List.of(
                                new Numbered(sent, DeliveryRoute.TO_MEMBERS),
                                new MessageIndexed(
                                        "m1",
                                        new FirstSend(
                                                "bob",
                                                2,
                                                now,
                                                MessageState.sent(
                                                        null,
                                                        ContentHash.of(
                                                                message("m1").getContent()),
                                                        null,
                                                        null))),
                                new WatermarksMoved("bob", new Watermarks(2, now, 2, now), now)),
                        new Accepted(2, now),
                        null));
    }

    @Test
    void timeNeverGoesBackWithinAConversation() {
        Changes changes = decide(group(false, "bob"), null, send("bob", "m1"), NOON.minusSeconds(60));

        assertThat(next(changes).position().timestamp()).isEqualTo(NOON);
    }

    @Test
    void resentMessageKeepsItsSequenceNumber() {
        FirstSend first = new FirstSend("bob", 2, NOON);

        assertThat(decide(group(false, "bob"), first, send("bob", "m1"), NOON.plusSeconds(9)))
                .isEqualTo(Changes.none(new Duplicate(2, NOON)));
    }

    @Test
    void messageIdOfAnotherMemberIsRefused() {
        FirstSend first = new FirstSend("bob", 2, NOON);

        assertRejected(decide(group(false, "bob"), first, send("alice", "m1"), NOON), ErrorCode.INVALID_MESSAGE);
    }

    @Test
    void nobodyWritesToWhatIsNotThere() {
        assertRejected(decide(new Absent(), null, send("bob", "m1"), NOON), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    @Test
    void outsiderOfAGroupIsForbidden() {
        assertRejected(decide(group(false, "bob"), null, send("eve", "m1"), NOON), ErrorCode.FORBIDDEN);
    }

    @Test
    void outsiderOfADirectConversationDoesNotLearnThatItExists() {
        Changes toAbsent = decide(new Absent(), null, send("eve", "m1"), NOON);

        assertThat(decide(direct(), null, send("eve", "m1"), NOON)).isEqualTo(toAbsent);
    }

    @Test
    void outsiderWithAKnownMessageIdLearnsNothingEither() {
        FirstSend first = new FirstSend("bob", 2, NOON);

        assertRejected(decide(direct(), first, send("eve", "m1"), NOON), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    @Test
    void onlyAdminsPostWhereTheGroupSaysSo() {
        assertRejected(decide(group(true, "bob"), null, send("bob", "m1"), NOON), ErrorCode.FORBIDDEN);
        assertThat(decide(group(true, "bob"), null, send("alice", "m1"), NOON).answer())
                .isInstanceOf(Accepted.class);
    }

    @Test
    void directConversationIsTheSameForBoth() {
        CreateConversation fromBob = create("bob", ConversationType.DIRECT, false, List.of("alice"));

        assertThat(decide(direct(), null, fromBob, NOON.plusSeconds(9)))
                .isEqualTo(Changes.none(new Duplicate(1, NOON), direct()));
    }

    @Test
    void directConversationIsOfTwo() {
        for (List<String> others : List.of(List.<String>of(), List.of("alice"), List.of("bob", "carol"))) {
            CreateConversation create = create("alice", ConversationType.DIRECT, false, others);

            assertRejected(decide(new Absent(), null, create, NOON), ErrorCode.INVALID_REQUEST);
        }
    }

    @Test
    void groupMadeAgainByAnotherIsNotThere() {
        CreateConversation byBob = create("bob", ConversationType.GROUP, false, List.of("alice"));

        assertRejected(decide(group(false, "bob"), null, byBob, NOON), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    @Test
    void groupMadeAgainIsTheSameUntilItsCreatorLeaves() {
        CreateConversation again = create("alice", ConversationType.GROUP, false, List.of("bob"));
        Open open = group(false, "bob");
        assertThat(decide(open, null, again, NOON)).isEqualTo(Changes.none(new Duplicate(1, NOON), open));

        Changes left = decide(open, null, new Command.RemoveMember(Actor.member("alice"), "alice"), NOON);

        assertRejected(decide(next(left), null, again, NOON), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    @Test
    void groupIsFullAtItsLimit() {
        List<String> nine = IntStream.range(0, 9).mapToObj(i -> "user" + i).toList();
        List<String> ten = IntStream.range(0, 10).mapToObj(i -> "user" + i).toList();

        assertThat(decide(new Absent(), null, create("alice", ConversationType.GROUP, false, nine), NOON)
                        .answer())
                .isInstanceOf(Accepted.class);
        assertRejected(
                decide(new Absent(), null, create("alice", ConversationType.GROUP, false, ten), NOON),
                ErrorCode.TOO_LARGE);
    }

    @Test
    void sameKeyWithAnotherRequestIsRefused() {
        Open open = group(false, "bob", "carol");

        assertThat(decide(open, null, create("alice", ConversationType.GROUP, false, List.of("carol", "bob")), NOON))
                .as("the order of people does not matter")
                .isEqualTo(Changes.none(new Duplicate(1, NOON), open));
        assertRejected(
                decide(open, null, create("alice", ConversationType.GROUP, false, List.of("bob")), NOON),
                ErrorCode.IDEMPOTENCY_MISMATCH);
        assertRejected(
                decide(open, null, create("alice", ConversationType.GROUP, true, List.of("bob", "carol")), NOON),
                ErrorCode.IDEMPOTENCY_MISMATCH);
    }

    @Test
    void whoIsNamedTwiceJoinsOnce() {
        Open open = group(false, "bob", "bob", "alice");

        assertThat(open.members().values())
                .extracting(Membership::userId, Membership::role)
                .containsExactly(tuple("alice", Role.ADMIN), tuple("bob", Role.MEMBER));
    }

    private Open group(boolean onlyAdminsCanPost, String... others) {
        return created(create("alice", ConversationType.GROUP, onlyAdminsCanPost, List.of(others)));
    }

    private Open direct() {
        return created(create("alice", ConversationType.DIRECT, false, List.of("bob")));
    }

    private Open created(CreateConversation create) {
        Changes changes = decide(new Absent(), null, create, NOON);
        assertThat(changes.events())
                .singleElement()
                .satisfies(created -> assertThat(created.event()).isInstanceOf(ConversationCreated.class));
        return next(changes);
    }

    private static CreateConversation create(
            String userId, ConversationType type, boolean onlyAdminsCanPost, List<String> others) {
        return new CreateConversation(
                Actor.member(userId),
                type,
                "name",
                new ConversationSettings(onlyAdminsCanPost, false, true, false, 0, false),
                others,
                false);
    }

    private static SendMessage send(String userId, String messageId) {
        return new SendMessage(Actor.member(userId), message(messageId));
    }

    private static Message message(String messageId) {
        return new Message(messageId, new Content("text", "hi", null, null, null), null, null, null);
    }

    /// @param first what the messageId of [#send] already stands for
    private Changes decide(ConversationState state, @Nullable FirstSend first, Command command, Instant now) {
        FakeLookups lookups = FakeLookups.none();
        return rules.decide(state, command, first == null ? lookups : lookups.with("m1", first), now);
    }

    private static Open next(Changes changes) {
        return Objects.requireNonNull(changes.next(), "refused");
    }

    private static void assertRejected(Changes changes, ErrorCode code) {
        assertThat(changes).isEqualTo(Changes.none(changes.answer()));
        assertThat(changes.answer())
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
    }
}
