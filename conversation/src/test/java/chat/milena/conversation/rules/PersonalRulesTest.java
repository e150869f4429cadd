package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.MembershipChanged;
import chat.milena.conversation.command.Change.PersonalChanged;
import chat.milena.conversation.command.Change.PersonalShown;
import chat.milena.conversation.command.Change.ReceiptShown;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageDraft;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ReceiptKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PersonalRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final MessageDraft DRAFT = new MessageDraft("hel", "m1");

    private final ConversationRules rules = new ConversationRules(10, 10, 9, Duration.ofDays(30), Duration.ZERO);
    private final FakeLookups lookups = FakeLookups.none();
    private ConversationState state = new Absent();
    private int messages;

    @BeforeEach
    void create() {
        asked(new CreateConversation(
                Actor.member("alice"),
                ConversationType.GROUP,
                "n",
                new ConversationSettings(false, true, true, false, 0, false),
                List.of("bob"),
                true));
    }

    /// Decides, and keeps what changes as the sequencer does.
    private Changes asked(Command command) {
        Changes changes = rules.decide(state, command, lookups, NOON);
        for (Change change : changes.list()) {
            switch (change) {
                case PersonalChanged personal -> lookups.personal.put(personal.userId(), personal.next());
                case WatermarksMoved moved -> lookups.watermarks.put(moved.userId(), moved.next());
                case Change.WatermarksDeleted deleted -> lookups.watermarks.remove(deleted.userId());
                default -> {}
            }
        }
        if (changes.next() != null) {
            state = changes.next();
        }
        return changes;
    }

    private static ChangePersonal.Builder change() {
        return ChangePersonal.newBuilder();
    }

    private Changes keeps(ChangePersonal.Builder change) {
        return asked(new Keep(Actor.member("alice"), change.build()));
    }

    private static ShownPersonal shown(Changes changes) {
        return changes.list().stream()
                .filter(PersonalShown.class::isInstance)
                .map(change -> ((PersonalShown) change).personal())
                .findFirst()
                .orElseThrow();
    }

    private void isWritten() {
        isWrittenBy("bob");
    }

    private void isWrittenBy(String userId) {
        asked(new SendMessage(
                Actor.member(userId),
                new Message("m" + ++messages, new Content("text", "hi", null, null, null), null, null, null)));
    }

    private long end() {
        return ((Open) state).position().sequenceNumber();
    }

    @Test
    void whatIsNotNamedStaysAndOnlyOwnDevicesAreNotified() {
        keeps(change().setArchived(true).setPinned(true).setDraft(DRAFT));

        Changes changes = keeps(change().setPinned(false));

        assertThat(shown(changes)).isEqualTo(new ShownPersonal(true, true, false, false, null, 0L, DRAFT, null));
        assertThat(changes.events()).isEmpty();
        assertThat(changes.list())
                .filteredOn(PersonalShown.class::isInstance)
                .extracting(one -> ((PersonalShown) one).recipients())
                .containsExactly(Recipients.Some.of("alice"));
        assertThat(shown(keeps(change()))).as("nothing asked answers what is").isEqualTo(shown(changes));
        assertThat(keeps(change()).answer()).isInstanceOf(Duplicate.class);
    }

    @Test
    void hiddenLastsUntilTheNextMessage() {
        isWritten();
        assertThat(shown(keeps(change().setHidden(true))).getHidden()).isTrue();
        keeps(change().setArchived(true));
        assertThat(shown(keeps(change())).getHidden()).isTrue();

        isWritten();

        assertThat(shown(keeps(change())).getHidden()).isFalse();
        assertThat(keeps(change()).answer()).as("which is no change of theirs").isInstanceOf(Duplicate.class);
        assertThat(keeps(change().setHidden(false)).answer()).isInstanceOf(Duplicate.class);
        assertThat(shown(keeps(change().setHidden(true))).getHidden()).isTrue();
        assertThat(shown(keeps(change().setHidden(false))).getHidden()).isFalse();
    }

    @Test
    void clearingMovesTheFirstNumberAndIsCutToTheEnd() {
        isWritten();
        isWritten();

        assertThat(shown(keeps(change().setClearedUpTo(2L))).getClearedUpTo()).isEqualTo(2);
        assertThat(firstOf("alice")).isEqualTo(3);
        assertThat(keeps(change().setClearedUpTo(1L)).answer()).as("never back").isInstanceOf(Duplicate.class);
        assertThat(shown(keeps(change().setClearedUpTo(Long.MAX_VALUE))).getClearedUpTo())
                .isEqualTo(end());
        assertThat(firstOf("alice")).isEqualTo(end() + 1);
        assertThat(firstOf("bob")).as("nobody else's").isEqualTo(1);
    }

    @Test
    void whatWasClearedStaysClearedForWhoComesBack() {
        isWritten();
        keeps(change().setClearedUpTo(2L));
        asked(new RemoveMember(Actor.member("alice"), "alice"));

        asked(new AddMembers(Actor.member("bob"), List.of("alice"), true, List.of("alice")));

        assertThat(firstOf("alice")).isEqualTo(3);
    }

    @Test
    void whatWasHiddenIsShownToWhoComesBack() {
        isWritten();
        keeps(change().setHidden(true).setArchived(true));
        asked(new RemoveMember(Actor.member("alice"), "alice"));

        asked(new AddMembers(Actor.member("bob"), List.of("alice", "carol"), true, List.of("alice")));

        assertThat(lookups.personal.get("alice")).isEqualTo(new PersonalState(true, false, null, 0, null, null));
        assertThat(lookups.personal).as("nothing is written for others").containsOnlyKeys("alice");
    }

    private long firstOf(String userId) {
        Open open = (Open) state;
        return Objects.requireNonNull(open.members().get(userId))
                .readsFrom(open.properties().settings());
    }

    @Test
    void unreadIsMarkedWithoutMovingTheWatermarkAndTheNextReadEndsIt() {
        isWritten();
        isWritten();
        MarkReceipt reads = new MarkReceipt(Actor.member("alice"), ReceiptKind.READ, end(), List.of());
        asked(reads);
        Watermarks before = lookups.watermarks("alice");

        assertThat(shown(keeps(change().setUnreadFrom(2L))).getUnreadFrom()).isEqualTo(2);
        assertThat(lookups.watermarks("alice")).isEqualTo(before.toUnread(2L));

        Changes ended = asked(reads);
        assertThat(lookups.watermarks("alice")).isEqualTo(before);
        assertThat(ended.list())
                .filteredOn(ReceiptShown.class::isInstance)
                .extracting(one -> ((ReceiptShown) one).recipients())
                .as("others do not learn that it was marked")
                .containsExactly(Recipients.Some.of("alice"));
        assertThat(asked(reads).list()).isEmpty();
    }

    @Test
    void deliveryDoesNotEndIt() {
        isWritten();
        keeps(change().setUnreadFrom(1L));

        asked(new MarkReceipt(Actor.member("alice"), ReceiptKind.DELIVERED, end(), List.of()));

        assertThat(lookups.watermarks("alice").unreadFrom()).isEqualTo(1);
        assertThat(shown(keeps(change().setUnreadFrom(0L))).getUnreadFrom())
                .as("0 ends it")
                .isNull();
    }

    @Test
    void markOfWhoHasReadNothingEndsToo() {
        keeps(change().setUnreadFrom(1L));

        asked(new MarkReceipt(Actor.member("alice"), ReceiptKind.READ, 0L, List.of()));

        assertThat(lookups.watermarks("alice")).isEqualTo(Watermarks.NONE);
    }

    @Test
    void ownMessageEndsIt() {
        keeps(change().setUnreadFrom(1L));

        isWrittenBy("alice");

        assertThat(lookups.watermarks("alice").unreadFrom()).isNull();
    }

    @Test
    void draftIsReplacedAndEnds() {
        keeps(change().setDraft(DRAFT));

        assertThat(lookups.personal("alice").draft()).isEqualTo(DRAFT);
        assertThat(shown(keeps(change().setEndsDraft(true))).getDraft()).isNull();
        assertThat(lookups.personal("alice")).isEqualTo(PersonalState.NONE);
    }

    /// The seed is that of the repetition.
    @RepeatedTest(50)
    void whateverCameBeforeTheSameAgainChangesNothing(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        long cleared = 0;
        for (int i = 0; i < 100; i++) {
            for (int message = random.nextInt(3); message > 0; message--) {
                isWritten();
            }
            ChangePersonal.Builder change = change().setAccepts(random.nextBoolean())
                    .setArchived(maybe(random))
                    .setPinned(maybe(random))
                    .setHidden(maybe(random))
                    .setUnreadFrom(random.nextBoolean() ? null : random.nextLong(end() + 5))
                    .setClearedUpTo(random.nextInt(4) == 0 ? random.nextLong(end() + 5) : null)
                    .setDraft(random.nextBoolean() ? null : new MessageDraft("d" + random.nextInt(3), null))
                    .setEndsDraft(random.nextBoolean());
            long numberBefore = end();
            ShownPersonal after = shown(keeps(change));

            Changes again = keeps(change);
            assertThat(shown(again)).isEqualTo(after);
            assertThat(again.answer()).isInstanceOf(Duplicate.class);
            assertThat(again.list()).hasSize(1).noneMatch(MembershipChanged.class::isInstance);
            assertThat(end()).as("it takes no number").isEqualTo(numberBefore);
            assertThat(after.getClearedUpTo()).isBetween(cleared, end());
            cleared = after.getClearedUpTo();
            assertThat(firstOf("alice")).isEqualTo(cleared + 1);
        }
    }

    private static @Nullable Boolean maybe(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> true;
            case 1 -> false;
            default -> null;
        };
    }
}
