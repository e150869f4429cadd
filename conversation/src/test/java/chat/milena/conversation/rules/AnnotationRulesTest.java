package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change.AnnotationsDeleted;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.PinMessage;
import chat.milena.conversation.command.Command.ReactToMessage;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.EmojiUse;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// A group in which alice is admin, and bob wrote m1 with number 2.
class AnnotationRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(30);

    private final ConversationRules rules = new ConversationRules(100, 100, 99, RETENTION, Duration.ZERO);
    private final FakeLookups lookups = FakeLookups.none();
    private ConversationState state = new Absent();
    private Instant now = NOON;

    @Test
    void reactionTakesTheNextNumberAndIsOnceAUser() {
        begin(ConversationType.GROUP);

        assertThat(decide(react("carol", "+1")).answer()).isEqualTo(new Accepted(3, NOON));
        assertThat(decide(react("bob", "+1")).answer()).isEqualTo(new Accepted(4, NOON));
        assertThat(decide(react("carol", "+1")).answer()).isEqualTo(new Duplicate(3, NOON));
        assertThat(emojis()).containsExactly(new EmojiUse("+1", 2, 3, List.of("carol", "bob")));
    }

    @Test
    void whatIsTakenAwayIsAnsweredByTheNumberThatTookIt() {
        begin(ConversationType.GROUP);
        decide(react("carol", "+1"));

        assertThat(decide(unreact("carol", "+1")).answer()).isEqualTo(new Accepted(4, NOON));
        assertThat(decide(unreact("carol", "+1")).answer()).isEqualTo(new Duplicate(4, NOON));
        assertThat(decide(react("carol", "+1")).answer()).isEqualTo(new Accepted(5, NOON));
        assertThat(emojis()).containsExactly(new EmojiUse("+1", 1, 5, List.of("carol")));
    }

    @Test
    void whatWasNeverThereIsAnsweredByTheMessagesOwnNumber() {
        begin(ConversationType.GROUP);
        decide(react("bob", "+1"));

        assertThat(decide(unreact("carol", "+1")).answer()).isEqualTo(new Duplicate(2, NOON));
        assertThat(decide(unreact("carol", "heart")).answer()).isEqualTo(new Duplicate(2, NOON));
        assertThat(decide(new PinMessage(Actor.member("alice"), "m1", true)).answer())
                .isEqualTo(new Duplicate(2, NOON));
    }

    @Test
    void eventNamesTheEmojiByItsPlaceAndItsTextGoesBeside() {
        begin(ConversationType.GROUP);
        decide(react("bob", "+1"));
        Changes changes = decide(react("carol", "heart"));

        assertThat(changes.list().getLast()).isInstanceOfSatisfying(Numbered.class, numbered -> {
            assertThat(Objects.requireNonNull(numbered.reaction()).getEmoji()).isEqualTo("heart");
            assertThat(numbered.reaction().getCount()).isEqualTo(1);
            assertThat(numbered.numbered().position().annotatedSequence()).isEqualTo(4);
        });
    }

    @Test
    void messageHasTwentyDifferentEmojiAtATimeAndAHundredOverTime() {
        begin(ConversationType.GROUP);
        for (int i = 0; i < 20; i++) {
            decide(react("bob", "e" + i));
        }

        assertCode(decide(react("bob", "e20")), ErrorCode.TOO_LARGE);
        assertThat(decide(react("carol", "e7")).answer()).isInstanceOf(Accepted.class);
        decide(unreact("bob", "e7"));
        assertCode(decide(react("bob", "e20")), ErrorCode.TOO_LARGE);
        decide(unreact("carol", "e7"));
        decide(react("bob", "e7"));
        for (int i = 20; i < 100; i++) {
            decide(unreact("bob", "e" + (i - 20)));
            assertThat(decide(react("bob", "e" + i)).answer()).isInstanceOf(Accepted.class);
        }
        decide(unreact("bob", "e80"));
        assertCode(decide(react("bob", "e100")), ErrorCode.TOO_LARGE);
        assertThat(decide(react("bob", "e80")).answer()).isInstanceOf(Accepted.class);
    }

    @Test
    void outsidersAndThoseWhoLeftDoNotReactAndWhatTheyAddedStays() {
        begin(ConversationType.GROUP);
        decide(react("carol", "+1"));
        decide(new RemoveMember(Actor.member("carol"), "carol"));

        assertCode(decide(react("carol", "heart")), ErrorCode.FORBIDDEN);
        assertCode(decide(unreact("carol", "+1")), ErrorCode.FORBIDDEN);
        assertThat(emojis()).containsExactly(new EmojiUse("+1", 1, 3, List.of("carol")));
    }

    @Test
    void whoReactsHasJoinedIn() {
        begin(ConversationType.GROUP);
        assertThat(carol().accepted()).isFalse();

        decide(react("carol", "+1"));

        assertThat(carol().accepted()).isTrue();
    }

    @Test
    void deletionTakesAllThatWasAddedAndNothingIsAddedAfterIt() {
        begin(ConversationType.GROUP);
        decide(react("carol", "+1"));
        decide(pin("alice", "m1"));

        Changes changes = decide(new DeleteMessage(Actor.member("bob"), "m1", null));

        assertThat(changes.list()).hasAtLeastOneElementOfType(AnnotationsDeleted.class);
        assertThat(emojis()).isEmpty();
        assertThat(lookups.pins()).isEmpty();
        assertCode(decide(react("carol", "+1")), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(unreact("carol", "+1")), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(pin("alice", "m1")), ErrorCode.MESSAGE_NOT_FOUND);
        assertThat(((Open) state).position().annotatedSequence()).isEqualTo(5);
    }

    @Test
    void deletionOfAMessageThatNobodyAddedToChangesNoAnnotation() {
        begin(ConversationType.GROUP);

        Changes changes = decide(new DeleteMessage(Actor.member("bob"), "m1", null));

        assertThat(changes.list()).doesNotHaveAnyElementsOfTypes(AnnotationsDeleted.class);
        assertThat(((Open) state).position().annotatedSequence()).isZero();
    }

    @Test
    void expiredAndUnknownMessagesTakeNothing() {
        begin(ConversationType.GROUP);
        decide(new SendMessage(Actor.member("bob"), new Message("m2", text("one"), NOON.plusSeconds(60), null, null)));
        now = NOON.plusSeconds(60);

        assertCode(decide(new ReactToMessage(Actor.member("bob"), "m2", "+1", false)), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(pin("alice", "m2")), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(new ReactToMessage(Actor.member("bob"), "m9", "+1", false)), ErrorCode.MESSAGE_NOT_FOUND);
        now = NOON.plus(RETENTION).plusMillis(1);
        assertCode(decide(react("bob", "+1")), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void editsKeepWhatWasAdded() {
        begin(ConversationType.GROUP);
        decide(react("carol", "+1"));
        decide(new EditMessage(Actor.member("bob"), "m1", text("two"), null));

        assertThat(emojis()).hasSize(1);
    }

    @Test
    void adminsOfAGroupPinAndBothOfADirectConversation() {
        begin(ConversationType.GROUP);
        assertCode(decide(pin("bob", "m1")), ErrorCode.FORBIDDEN);
        assertThat(decide(pin("alice", "m1")).answer()).isEqualTo(new Accepted(3, NOON));
        assertThat(decide(pin("alice", "m1")).answer()).isEqualTo(new Duplicate(3, NOON));
        assertThat(lookups.pins()).containsExactly(new PinnedMessage("m1", 2));
        assertThat(decide(new PinMessage(Actor.member("alice"), "m1", true)).answer())
                .isEqualTo(new Accepted(4, NOON));
        assertThat(lookups.pins()).isEmpty();

        state = new Absent();
        lookups.messages.clear();
        begin(ConversationType.DIRECT);
        assertThat(decide(pin("alice", "m1")).answer()).isEqualTo(new Accepted(3, NOON));
        assertThat(decide(pin("bob", "m1")).answer()).isEqualTo(new Duplicate(3, NOON));
    }

    @Test
    void conversationHasFiftyPinsOfMessagesThatAreThere() {
        begin(ConversationType.GROUP);
        for (int i = 0; i < 52; i++) {
            Instant expiresAt = i == 0 ? NOON.plusSeconds(60) : null;
            decide(new SendMessage(Actor.member("bob"), new Message("p" + i, text("x"), expiresAt, null, null)));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(decide(pin("alice", "p" + i)).answer()).isInstanceOf(Accepted.class);
        }

        assertCode(decide(pin("alice", "p50")), ErrorCode.TOO_LARGE);
        now = NOON.plusSeconds(60);
        assertThat(decide(pin("alice", "p50")).answer()).isInstanceOf(Accepted.class);
        assertCode(decide(pin("alice", "p51")), ErrorCode.TOO_LARGE);
        assertThat(lookups.pins()).hasSize(50).doesNotContain(new PinnedMessage("p0", 3));
    }

    /// However many people come and go, the first ten are known, in their order.
    @RepeatedTest(20)
    void firstTenAreThoseWhoHaveHadItLongest() {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> people = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            people.add("u" + i);
        }
        begin(ConversationType.GROUP, people);
        for (int i = 0; i < 600; i++) {
            String userId = people.get(random.nextInt(people.size()));
            boolean remove = random.nextInt(100) < (i < 300 ? 30 : 70);
            decide(new ReactToMessage(Actor.member(userId), "m1", "+1", remove));
            if (!emojis().isEmpty()) {
                EmojiUse use = emojis().getFirst();
                List<String> all = lookups.reactors(2, 0);
                assertThat(use.count()).as("seed %d", seed).isEqualTo(all.size());
                assertThat(use.userIds())
                        .as("seed %d", seed)
                        .hasSizeBetween(Math.min(all.size(), EmojiUse.SHOWN_MAX), EmojiUse.KEPT_MAX)
                        .isEqualTo(all.subList(0, use.userIds().size()));
            }
        }
    }

    private void begin(ConversationType type) {
        begin(type, type == ConversationType.GROUP ? List.of("bob", "carol") : List.of("bob"));
    }

    private void begin(ConversationType type, List<String> others) {
        List<String> participants = new ArrayList<>(others);
        if (!participants.contains("bob")) {
            participants.add("bob");
        }
        ConversationSettings settings = new ConversationSettings(false, false, true, false, 0, false);
        decide(new CreateConversation(Actor.member("alice"), type, "g", settings, participants, false));
        decide(new SendMessage(Actor.member("bob"), new Message("m1", text("one"), null, null, null)));
    }

    private Changes decide(Command command) {
        Changes changes = rules.decide(state, command, lookups, now);
        if (changes.next() != null) {
            state = changes.next();
        }
        changes.list().forEach(lookups::keep);
        return changes;
    }

    private Membership carol() {
        return Objects.requireNonNull(((Open) state).members().get("carol"));
    }

    private List<EmojiUse> emojis() {
        FirstSend message = Objects.requireNonNull(lookups.messages.get("m1"));
        return Objects.requireNonNull(message.state()).annotations().emojis();
    }

    private static ReactToMessage react(String userId, String emoji) {
        return new ReactToMessage(Actor.member(userId), "m1", emoji, false);
    }

    private static ReactToMessage unreact(String userId, String emoji) {
        return new ReactToMessage(Actor.member(userId), "m1", emoji, true);
    }

    private static PinMessage pin(String userId, String messageId) {
        return new PinMessage(Actor.member(userId), messageId, false);
    }

    private static Content text(@Nullable String text) {
        return new Content("text", text, null, null, null);
    }

    private static void assertCode(Changes changes, ErrorCode code) {
        assertThat(changes.answer())
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
    }
}
