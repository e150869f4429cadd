package chat.milena.topology.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Role;
import chat.milena.topology.conversation.Command.CreateConversation;
import chat.milena.topology.conversation.Command.SendMessage;
import chat.milena.topology.conversation.ConversationEvent.ConversationCreated;
import chat.milena.topology.conversation.ConversationEvent.MessageSent;
import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Decision.Duplicate;
import chat.milena.topology.conversation.Decision.Rejected;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConversationRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final ConversationRules rules = new ConversationRules(10, 5);

    @Test
    void conversationBeginsWithNumberOne() {
        Open open = group(false, "bob", "carol");

        assertThat(open.position()).isEqualTo(new Position(1, 0, 0, NOON));
        assertThat(open.members().values())
                .extracting(Membership::userId, Membership::role)
                .containsExactly(tuple("alice", Role.ADMIN), tuple("bob", Role.MEMBER), tuple("carol", Role.MEMBER));
    }

    @Test
    void messageTakesTheNextNumber() {
        Decision decision = rules.decide(group(false, "bob"), null, send("bob", "m1"), NOON.plusMillis(5));

        assertThat(decision).isInstanceOfSatisfying(Accepted.class, accepted -> {
            assertThat(accepted.next().position()).isEqualTo(new Position(2, 1, 0, NOON.plusMillis(5)));
            assertThat(accepted.events())
                    .containsExactly(new NumberedEvent(
                            accepted.next().position(),
                            new MessageSent(
                                    message("m1"), accepted.next().members().get("bob"))));
        });
    }

    @Test
    void timeNeverGoesBackWithinAConversation() {
        Decision decision = rules.decide(group(false, "bob"), null, send("bob", "m1"), NOON.minusSeconds(60));

        assertThat(((Accepted) decision).next().position().timestamp()).isEqualTo(NOON);
    }

    @Test
    void resentMessageKeepsItsSequenceNumber() {
        FirstSend first = new FirstSend("bob", 2, NOON);

        assertThat(rules.decide(group(false, "bob"), first, send("bob", "m1"), NOON.plusSeconds(9)))
                .isEqualTo(new Duplicate(2, NOON));
    }

    @Test
    void messageIdOfAnotherMemberIsRefused() {
        FirstSend first = new FirstSend("bob", 2, NOON);

        assertRejected(rules.decide(group(false, "bob"), first, send("alice", "m1"), NOON), ErrorCode.INVALID_MESSAGE);
    }

    @Test
    void nobodyWritesToWhatIsNotThere() {
        assertRejected(rules.decide(new Absent(), null, send("bob", "m1"), NOON), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    @Test
    void outsiderOfAGroupIsForbidden() {
        assertRejected(rules.decide(group(false, "bob"), null, send("eve", "m1"), NOON), ErrorCode.FORBIDDEN);
    }

    @Test
    void outsiderOfADirectConversationDoesNotLearnThatItExists() {
        Decision toAbsent = rules.decide(new Absent(), null, send("eve", "m1"), NOON);

        assertThat(rules.decide(direct(), null, send("eve", "m1"), NOON)).isEqualTo(toAbsent);
    }

    @Test
    void outsiderWithAKnownMessageIdLearnsNothingEither() {
        FirstSend first = new FirstSend("bob", 2, NOON);

        assertRejected(rules.decide(direct(), first, send("eve", "m1"), NOON), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    @Test
    void onlyAdminsPostWhereTheGroupSaysSo() {
        assertRejected(rules.decide(group(true, "bob"), null, send("bob", "m1"), NOON), ErrorCode.FORBIDDEN);
        assertThat(rules.decide(group(true, "bob"), null, send("alice", "m1"), NOON))
                .isInstanceOf(Accepted.class);
    }

    @Test
    void directConversationIsTheSameForBoth() {
        CreateConversation fromBob = create("bob", ConversationType.DIRECT, false, List.of("alice"));

        assertThat(rules.decide(direct(), null, fromBob, NOON.plusSeconds(9))).isEqualTo(new Duplicate(1, NOON));
    }

    @Test
    void directConversationIsOfTwo() {
        for (List<String> others : List.of(List.<String>of(), List.of("alice"), List.of("bob", "carol"))) {
            CreateConversation create = create("alice", ConversationType.DIRECT, false, others);

            assertRejected(rules.decide(new Absent(), null, create, NOON), ErrorCode.INVALID_REQUEST);
        }
    }

    @Test
    void groupMadeAgainByAnotherIsNotThere() {
        CreateConversation byBob = create("bob", ConversationType.GROUP, false, List.of("alice"));

        assertRejected(rules.decide(group(false, "bob"), null, byBob, NOON), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    @Test
    void groupMadeAgainIsTheSameUntilItsCreatorLeaves() {
        CreateConversation again = create("alice", ConversationType.GROUP, false, List.of("bob"));
        Open open = group(false, "bob");
        assertThat(rules.decide(open, null, again, NOON)).isEqualTo(new Duplicate(1, NOON));

        Decision left = rules.decide(open, null, new Command.RemoveMember("alice", "alice"), NOON);

        assertRejected(rules.decide(((Accepted) left).next(), null, again, NOON), ErrorCode.CONVERSATION_NOT_FOUND);
    }

    @Test
    void groupIsFullAtItsLimit() {
        List<String> nine = IntStream.range(0, 9).mapToObj(i -> "user" + i).toList();
        List<String> ten = IntStream.range(0, 10).mapToObj(i -> "user" + i).toList();

        assertThat(rules.decide(new Absent(), null, create("alice", ConversationType.GROUP, false, nine), NOON))
                .isInstanceOf(Accepted.class);
        assertRejected(
                rules.decide(new Absent(), null, create("alice", ConversationType.GROUP, false, ten), NOON),
                ErrorCode.TOO_LARGE);
    }

    @Test
    void sameKeyWithAnotherRequestIsRefused() {
        Open open = group(false, "bob", "carol");

        assertThat(rules.decide(
                        open, null, create("alice", ConversationType.GROUP, false, List.of("carol", "bob")), NOON))
                .as("the order of people does not matter")
                .isEqualTo(new Duplicate(1, NOON));
        assertRejected(
                rules.decide(open, null, create("alice", ConversationType.GROUP, false, List.of("bob")), NOON),
                ErrorCode.IDEMPOTENCY_MISMATCH);
        assertRejected(
                rules.decide(open, null, create("alice", ConversationType.GROUP, true, List.of("bob", "carol")), NOON),
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
        Accepted accepted = (Accepted) rules.decide(new Absent(), null, create, NOON);
        assertThat(accepted.events())
                .singleElement()
                .satisfies(created -> assertThat(created.event()).isInstanceOf(ConversationCreated.class));
        return accepted.next();
    }

    private static CreateConversation create(
            String userId, ConversationType type, boolean onlyAdminsCanPost, List<String> others) {
        return new CreateConversation(
                userId, type, "name", new ConversationSettings(onlyAdminsCanPost, false, true), others, false);
    }

    private static SendMessage send(String userId, String messageId) {
        return new SendMessage(userId, message(messageId));
    }

    private static Message message(String messageId) {
        return new Message(messageId, new Content("text", "hi", null, null), null);
    }

    private static void assertRejected(Decision decision, ErrorCode code) {
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
    }
}
