package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.BlockDeleted;
import chat.milena.conversation.command.Change.BlockNoted;
import chat.milena.conversation.command.Change.MembershipChanged;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.ReceiptShown;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.Block;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Command.Mute;
import chat.milena.conversation.command.Command.PinMessage;
import chat.milena.conversation.command.Command.ReactToMessage;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Reason;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class BlockRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Content CONTENT = new Content("text", "hi", null, null, null);

    private final ConversationRules rules = new ConversationRules(10, 10, 9, Duration.ofDays(30), Duration.ZERO);
    private final FakeLookups lookups = FakeLookups.none();
    private ConversationState state = new Absent();

    private Changes asked(Command command) {
        Changes changes = rules.decide(state, command, lookups, NOON);
        for (Change change : changes.list()) {
            switch (change) {
                case BlockNoted noted -> lookups.blocking.add(noted.userId());
                case BlockDeleted deleted -> lookups.blocking.remove(deleted.userId());
                case MessageIndexed(var messageId, var first) -> lookups.with(messageId, first);
                default -> {}
            }
        }
        if (changes.next() != null) {
            state = changes.next();
        }
        return changes;
    }

    private static String other(String userId) {
        return userId.equals("alice") ? "bob" : "alice";
    }

    private Changes blocks(String userId, boolean blocked) {
        return asked(new Block(Actor.member(userId), other(userId), blocked));
    }

    private Changes creates(String userId) {
        return asked(new CreateConversation(
                Actor.member(userId),
                ConversationType.DIRECT,
                null,
                new ConversationSettings(false, false, true, false, 0, false),
                List.of(other(userId)),
                false));
    }

    private Changes sends(String userId, String messageId) {
        return asked(new SendMessage(Actor.member(userId), new Message(messageId, CONTENT, null, null, null)));
    }

    private static void isBlocked(Changes changes) {
        assertThat(changes.answer()).isEqualTo(new Rejected(Refusal.BLOCKED.code(), Refusal.BLOCKED.reason()));
    }

    @Test
    void eitherIsStoppedAndWhatIsTheirOwnGoesOn() {
        creates("alice");
        sends("alice", "m1");
        Changes first = sends("bob", "m2");
        blocks("alice", true);

        for (String either : List.of("alice", "bob")) {
            Actor actor = Actor.member(either);
            isBlocked(sends(either, "m3"));
            isBlocked(asked(new EditMessage(actor, "m1", CONTENT, null)));
            isBlocked(asked(new ReactToMessage(actor, "m1", "+", false)));
            isBlocked(asked(new PinMessage(actor, "m1", false)));
            assertThat(asked(new Mute(actor, NOON)).answer()).isInstanceOf(Accepted.class);
            assertThat(asked(new Keep(actor, new ChangePersonal())).answer()).isInstanceOf(Duplicate.class);
            assertThat(asked(new MarkReceipt(actor, ReceiptKind.READ, 3L, List.of()))
                            .list())
                    .filteredOn(ReceiptShown.class::isInstance)
                    .extracting(shown -> ((ReceiptShown) shown).recipients())
                    .containsExactly(Recipients.Some.of(either));
        }
        assertThat(sends("bob", "m2").answer())
                .as("accepted before the block")
                .isEqualTo(new Duplicate(3, ((Accepted) first.answer()).timestamp()));
        assertThat(asked(new DeleteMessage(Actor.member("bob"), "m2", null)).answer())
                .isInstanceOf(Accepted.class);
    }

    @Test
    void itTakesNoNumberNotifiesNobodyAndTheSameAgainChangesNothing() {
        creates("alice");

        Changes changes = blocks("bob", true);

        assertThat(changes.list()).singleElement().isInstanceOf(MembershipChanged.class);
        assertThat(((Open) state).position().sequenceNumber()).isEqualTo(1);
        assertThat(blocks("bob", true)).isEqualTo(Changes.none(new Duplicate(0, null)));
        assertThat(blocks("alice", false)).isEqualTo(Changes.none(new Duplicate(0, null)));
        assertThat(creates("alice").answer()).as("one's own is still shown").isInstanceOf(Duplicate.class);
    }

    @Test
    void noneBeginsWhileOneOfTheTwoHasBlockedTheOther() {
        blocks("alice", true);
        assertThat(blocks("alice", true).list()).isEmpty();

        for (String either : List.of("alice", "bob")) {
            assertThat(creates(either).answer()).isEqualTo(new Rejected(ErrorCode.FORBIDDEN, Reason.NOT_EVERYBODY));
        }
        blocks("alice", false);
        assertThat(creates("bob").answer()).isInstanceOf(Accepted.class);
    }

    @Test
    void groupIsLeftAlone() {
        asked(new CreateConversation(
                Actor.member("alice"),
                ConversationType.GROUP,
                "n",
                new ConversationSettings(false, false, true, false, 0, false),
                List.of("bob"),
                true));

        assertThat(blocks("alice", true).list()).isEmpty();
        assertThat(sends("bob", "m1").answer()).isInstanceOf(Accepted.class);
    }

    /// The seed is that of the repetition.
    @RepeatedTest(50)
    void nothingNewIsWrittenWhileThereIsABlockAndEverythingWhenThereIsNone(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Set<String> blocking = new HashSet<>();
        boolean there = false;
        for (int i = 0; i < 200; i++) {
            String one = random.nextBoolean() ? "alice" : "bob";
            switch (random.nextInt(3)) {
                case 0 -> {
                    boolean blocked = random.nextBoolean();
                    assertThat(blocks(one, blocked).answer())
                            .isInstanceOf(blocking.contains(one) == blocked ? Duplicate.class : Accepted.class);
                    if (blocked) {
                        blocking.add(one);
                    } else {
                        blocking.remove(one);
                    }
                }
                case 1 -> {
                    boolean created = creates(one).answer() instanceof Accepted;
                    assertThat(created).isEqualTo(!there && blocking.isEmpty());
                    there |= created;
                }
                default ->
                    assertThat(sends(one, "m" + i).answer() instanceof Accepted).isEqualTo(there && blocking.isEmpty());
            }
        }
    }
}
