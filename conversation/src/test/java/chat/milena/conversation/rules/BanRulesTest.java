package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Detail.Banned;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.ChangeRole;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.FollowThread;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Command.Mute;
import chat.milena.conversation.command.Command.PinMessage;
import chat.milena.conversation.command.Command.ReactToMessage;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Command.Update;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Refusal;
import chat.milena.schemas.word.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A group of which alice, who is banned for a minute, is the admin.
class BanRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant END = NOON.plusSeconds(60);
    private static final Banned BAN = new Banned(END);
    private static final Actor ALICE = Actor.member("alice");
    private static final Content CONTENT = new Content("text", "hi", null, null, null);

    private final ConversationRules rules = new ConversationRules(10, 10, 10, Duration.ofDays(30), Duration.ofDays(30));
    private final FakeLookups lookups = FakeLookups.none();
    private ConversationState state = new Absent();
    private Instant now = NOON;

    @BeforeEach
    void begin() {
        decide(creation());
        decide(send(ALICE, "mine"));
        decide(send(Actor.member("bob"), "theirs"));
        lookups.bans.put("alice", BAN);
    }

    static List<Command> stopped() {
        return List.of(
                creation(),
                send(ALICE, "new"),
                send(ALICE, "mine"),
                new EditMessage(ALICE, "mine", CONTENT, null),
                new ReactToMessage(ALICE, "theirs", "+", false),
                new PinMessage(ALICE, "theirs", false),
                new DeleteMessage(ALICE, "theirs", null),
                new DeleteMessage(ALICE, "unknown", null),
                new Update(ALICE, new UpdateConversation()),
                new AddMembers(ALICE, List.of("dave"), true, List.of()),
                new RemoveMember(ALICE, "bob"),
                new ChangeRole(ALICE, "bob", Role.ADMIN));
    }

    @ParameterizedTest
    @MethodSource("stopped")
    void whatTakesANumberIsRejectedWithTheEndOfTheBan(Command command) {
        assertThat(decide(command).answer())
                .isEqualTo(new Rejected(Refusal.BANNED.code(), Refusal.BANNED.reason(), BAN));
    }

    static List<Command> allowed() {
        return List.of(
                new MarkReceipt(ALICE, ReceiptKind.READ, 3L, List.of()),
                new FollowThread(ALICE, "theirs", false),
                new Mute(ALICE, NOON.plusSeconds(9)),
                new Keep(ALICE, ChangePersonal.newBuilder().setPinned(true).build()),
                new DeleteMessage(ALICE, "mine", null),
                new RemoveMember(ALICE, "alice"));
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void readingLeavingAndDeletingOnesOwnGoOn(Command command) {
        assertThat(decide(command).answer()).isInstanceOf(Accepted.class);
    }

    @Test
    void refusedMessageIdStaysFreeAndTheBanEndsByItself() {
        decide(send(ALICE, "new"));
        now = END;

        assertThat(decide(send(ALICE, "new")).answer()).isInstanceOf(Accepted.class);
    }

    @Test
    void othersAndModeratorsAreNotStopped() {
        assertThat(decide(send(Actor.member("bob"), "b2")).answer()).isInstanceOf(Accepted.class);
        assertThat(decide(send(new Actor("alice", ActorKind.MODERATOR), "m2")).answer())
                .isInstanceOf(Accepted.class);
    }

    private static CreateConversation creation() {
        ConversationSettings settings = new ConversationSettings(false, false, true, false, 0, false);
        return new CreateConversation(ALICE, ConversationType.GROUP, null, settings, List.of("bob", "carol"), true);
    }

    private static SendMessage send(Actor actor, String messageId) {
        return new SendMessage(actor, new Message(messageId, CONTENT, null, null, null));
    }

    private Changes decide(Command command) {
        Changes changes = rules.decide(state, command, lookups, now);
        if (changes.next() != null) {
            state = changes.next();
        }
        changes.list().forEach(lookups::keep);
        assertThat(changes.answer() instanceof Answer.Rejected)
                .isEqualTo(changes.list().isEmpty());
        return changes;
    }
}
