package chat.milena.conversation.rules;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Answer.Replied;
import chat.milena.conversation.command.Change.Audited;
import chat.milena.conversation.command.Change.FollowChanged;
import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.command.Change.MessageOverwritten;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.command.Change.PersonalShown;
import chat.milena.conversation.command.Change.ReportChanged;
import chat.milena.conversation.command.Change.ThreadGrown;
import chat.milena.conversation.command.Change.Unlisted;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.ChangeRole;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.Decide;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.Flag;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Command.PinMessage;
import chat.milena.conversation.command.Command.ReactToMessage;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.Report;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Command.Update;
import chat.milena.conversation.moderation.HoldRules;
import chat.milena.conversation.state.ConversationEvent.MessageDeleted;
import chat.milena.conversation.state.ConversationEvent.MessageEdited;
import chat.milena.conversation.state.ConversationEvent.MessageReleased;
import chat.milena.conversation.state.ConversationEvent.MessageSent;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.DecisionAction;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.ReportReason;
import chat.milena.schemas.word.Role;
import chat.milena.schemas.word.RuleAction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A premoderated group of the admin alice, bob and carol, with the message m0 of alice.
class PremoderationTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Actor MIA = new Actor("mia", ActorKind.MODERATOR);
    private static final Actor RULES = new Actor("moderation", ActorKind.MODERATION);

    private final ConversationRules rules = new ConversationRules(10, 10, 9, Duration.ofDays(30), Duration.ZERO);
    private final FakeLookups lookups = FakeLookups.none();
    private ConversationState state = new Absent();
    private Instant now = NOON;

    @BeforeEach
    void begin() {
        begin(true);
    }

    /// @param accepted whether those whom alice adds have joined in by that
    private void begin(boolean accepted) {
        state = new Absent();
        lookups.messages.clear();
        ConversationSettings settings = new ConversationSettings(false, false, true, false, 0, true);
        decide(new CreateConversation(
                Actor.member("alice"), ConversationType.GROUP, "g", settings, List.of("bob", "carol"), accepted));
        send("alice", "m0", "hello");
    }

    @Test
    void memberIsHeldAndAdminsAndModeratorsAreNot() {
        Changes changes = send("bob", "m1", "one");

        assertThat(changes.answer()).isEqualTo(new Accepted(3, NOON, null, null, true));
        MessageSent sent = (MessageSent) changes.events().getFirst().event();
        assertThat(sent.hold()).isEqualTo(new Hold(List.of("bob", "alice"), true, 0L, 0L, false));
        assertThat(open().position().messageOrdinal()).isEqualTo(2);
        assertThat(open().position().heldOrdinal()).isEqualTo(1);
        assertThat(open().position().deletedOrdinal()).isZero();
        assertThat(all(changes, Listed.class)).extracting(Listed::list).containsExactly("@@");
        assertThat(all(changes, WatermarksMoved.class)).as("members see those").isEmpty();
        ReportedMessage row = row(changes);
        assertThat(row.getOpen()).isTrue();
        assertThat(row.getHeld()).isTrue();
        assertThat(row.getHeldContent()).isEqualTo(text("one"));

        assertThat(send("alice", "m2", "two").answer()).isEqualTo(new Accepted(4, NOON));
        Actor moderator = new Actor("carol", ActorKind.MODERATOR);
        assertThat(decide(new SendMessage(moderator, message("m3", text("three"), null)))
                        .answer())
                .isEqualTo(new Accepted(5, NOON));
    }

    @Test
    void resendSaysWhetherItIsHeldStill() {
        send("bob", "m1", "one");

        assertThat(send("bob", "m1", "one").answer()).isEqualTo(new Duplicate(3, NOON, null, null, true));
        decision("m1", DecisionAction.RELEASE);
        assertThat(send("bob", "m1", "one").answer()).isEqualTo(new Duplicate(3, NOON));
        send("bob", "m2", "two");
        decide(new RemoveMember(Actor.member("bob"), "bob"));
        assertThat(send("bob", "m2", "two").answer())
                .as("of who left")
                .isEqualTo(new Duplicate(5, NOON, null, null, true));
    }

    @Test
    void heldMessageIsUnknownToOthersAndTakesNothing() {
        send("bob", "m1", "one");

        for (String userId : List.of("alice", "bob", "carol")) {
            Actor actor = Actor.member(userId);
            assertCode(decide(new ReactToMessage(actor, "m1", "+1", false)), ErrorCode.MESSAGE_NOT_FOUND);
            assertCode(
                    decide(new SendMessage(actor, message("q" + userId, text("x"), null, "m1"))),
                    ErrorCode.MESSAGE_NOT_FOUND);
            assertCode(
                    decide(new SendMessage(actor, message("r" + userId, text("x"), "m1"))),
                    ErrorCode.MESSAGE_NOT_FOUND);
        }
        assertCode(decide(new PinMessage(Actor.member("alice"), "m1", false)), ErrorCode.MESSAGE_NOT_FOUND);
        Actor carol = Actor.member("carol");
        assertCode(decide(new Report(carol, "m1", ReportReason.SPAM, null, null)), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(new EditMessage(carol, "m1", text("x"), null)), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(new DeleteMessage(carol, "m1", null)), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(new MarkReceipt(carol, ReceiptKind.READ, null, List.of("m1"))), ErrorCode.MESSAGE_NOT_FOUND);
        assertCode(decide(new EditMessage(Actor.member("alice"), "m1", text("x"), null)), ErrorCode.FORBIDDEN);
    }

    @Test
    void releaseTakesTheNextNumberAndCounts() {
        decide(new SendMessage(
                Actor.member("bob"),
                message(
                        "m1",
                        new Content("text", "hi", null, null, new Mentions(List.of("carol"), false)),
                        null,
                        "m0")));
        now = NOON.plusSeconds(60);
        Changes changes = decision("m1", DecisionAction.RELEASE);

        assertThat(changes.answer()).isEqualTo(new Accepted(0, now));
        assertThat(changes.events()).hasSize(1);
        assertThat(changes.events().getFirst().position().sequenceNumber()).isEqualTo(4);
        MessageReleased released = (MessageReleased) changes.events().getFirst().event();
        assertThat(released.content().getText()).isEqualTo("hi");
        assertThat(released.message().sequenceNumber()).isEqualTo(3);
        assertThat(requireNonNull(released.message().state()).replyTo()).isEqualTo(new MessageReference("m0", 2L));
        assertThat(all(changes, Unlisted.class)).containsExactly(new Unlisted("@@", 3));
        assertThat(all(changes, Listed.class))
                .extracting(Listed::list, Listed::number)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("@carol", 3L));
        MessageOverwritten overwritten = all(changes, MessageOverwritten.class).getFirst();
        assertThat(overwritten.content().getText()).isEqualTo("hi");
        assertThat(requireNonNull(overwritten.message().state()).hold())
                .isEqualTo(new Hold(List.of(), true, 4L, 0L, false));
        assertThat(row(changes).getOpen()).isFalse();
        assertThat(row(changes).getHeld()).isFalse();
        assertThat(row(changes).getHeldContent()).isNull();
        assertThat(all(changes, Audited.class).getFirst().event().getAction()).isEqualTo("release");
        assertThat(open().position().messageOrdinal()).isEqualTo(2);
        assertThat(decide(new ReactToMessage(Actor.member("carol"), "m1", "+1", false))
                        .answer())
                .isInstanceOf(Accepted.class);
    }

    @Test
    void decisionsForHeldMessagesAreForThoseAlone() {
        assertCode(decision("m0", DecisionAction.RELEASE), ErrorCode.INVALID_REQUEST);
        assertCode(decision("m0", DecisionAction.REJECT), ErrorCode.INVALID_REQUEST);
        send("bob", "m1", "one");
        assertThat(decision("m1", DecisionAction.RELEASE).answer()).isEqualTo(new Accepted(0, NOON));
        assertThat(decision("m1", DecisionAction.RELEASE))
                .as("the same again")
                .isEqualTo(Changes.none(new Duplicate(0, NOON)));
        assertCode(
                decide(new Decide(
                        new Actor("max", ActorKind.MODERATOR), DecisionAction.RELEASE, asks("m1", "release"))),
                ErrorCode.INVALID_REQUEST);
        assertCode(decision("m1", DecisionAction.REJECT), ErrorCode.INVALID_REQUEST);
        assertCode(
                decide(new Decide(Actor.member("alice"), DecisionAction.RELEASE, asks("m1", "release"))),
                ErrorCode.FORBIDDEN);
    }

    @Test
    void rejectionDeletesAndIsFinal() {
        for (DecisionAction action : List.of(DecisionAction.REJECT, DecisionAction.REMOVE)) {
            String id = action.word();
            send("bob", id, "one");
            Changes changes = decision(id, action);

            MessageDeleted deleted =
                    (MessageDeleted) changes.events().getFirst().event();
            assertThat(requireNonNull(deleted.disclosed()).senderId()).isEqualTo("bob");
            MessageOverwritten overwritten =
                    all(changes, MessageOverwritten.class).getFirst();
            assertThat(overwritten.content().getText()).isNull();
            assertThat(overwritten.deletedBy()).isEqualTo("moderation");
            assertThat(all(changes, ReportChanged.class)).hasSize(1);
            assertThat(row(changes).getOpen()).isFalse();
            assertThat(row(changes).getHeldContent()).isNull();
            assertThat(decision(id, action)).isEqualTo(Changes.none(new Duplicate(0, NOON)));
            assertCode(decision(id, DecisionAction.RELEASE), ErrorCode.INVALID_REQUEST);
        }
    }

    @Test
    void editOfAHeldOneStaysHeldAndOfAReleasedOneIsHeldAgain() {
        send("bob", "m1", "one");
        Changes edited = edit("bob", "m1", "two");
        assertThat(edited.answer()).isEqualTo(new Accepted(4, NOON, 1L, null, true));
        assertThat(((MessageEdited) edited.events().getFirst().event()).hold())
                .isEqualTo(new Hold(List.of("bob", "alice"), true, 0L, 0L, false));
        assertThat(edit("bob", "m1", "two").answer()).isEqualTo(new Duplicate(4, NOON, 1L, null, true));
        assertThat(row(edited).getHeldContent()).isEqualTo(text("two"));
        release("m1", 1L);
        decide(new ChangeRole(Actor.member("alice"), "carol", Role.ADMIN));

        Changes again = edit("bob", "m1", "three");
        assertThat(again.answer()).isEqualTo(new Accepted(7, NOON, 2L, null, true));
        assertThat(((MessageEdited) again.events().getFirst().event()).hold())
                .as("the admins of this moment")
                .isEqualTo(new Hold(List.of("bob", "alice", "carol"), true, 0L, 0L, true));
        assertThat(all(again, Listed.class)).extracting(Listed::list).containsExactly("@@");
        assertThat(row(again).getHeld()).isTrue();
        assertThat(release("m1", 2L).answer()).isEqualTo(new Accepted(0, NOON));
        assertThat(edit("alice", "m0", "admins are not held").answer()).isEqualTo(new Accepted(9, NOON, 1L));
    }

    @Test
    void editIsReleasedOnlyByADecisionThatNamesIt() {
        send("bob", "m1", "one");
        edit("bob", "m1", "two");

        assertThat(decision("m1", DecisionAction.RELEASE)).isEqualTo(Changes.none(MessageChangeRules.conflict(1)));
        assertThat(release("m1", 0L)).isEqualTo(Changes.none(MessageChangeRules.conflict(1)));
        assertThat(release("m1", 1L).events()).hasSize(1);
        assertThat(release("m1", 1L)).as("the same again").isEqualTo(Changes.none(new Duplicate(0, NOON)));
    }

    @Test
    void resentReleaseDoesNotReleaseALaterEdit() {
        send("bob", "m1", "one");
        decision("m1", DecisionAction.RELEASE);
        edit("bob", "m1", "two");

        assertThat(decision("m1", DecisionAction.RELEASE)).isEqualTo(Changes.none(MessageChangeRules.conflict(1)));
        assertThat(requireNonNull(lookups.message("m1")).isHeld()).isTrue();
        assertThat(decision("m1", DecisionAction.REJECT).events())
                .as("what is rejected need not be seen")
                .hasSize(1);
    }

    @Test
    void groupHoldsUpToItsBoundAndRejectsWhatWouldBeHeldBeyondIt() {
        send("bob", "m1", "one");
        decision("m1", DecisionAction.RELEASE);
        lookups.held = HoldRules.HELD_MAX - 1;
        assertThat(send("bob", "m2", "two").answer()).isEqualTo(new Accepted(5, NOON, null, null, true));

        lookups.held = HoldRules.HELD_MAX;
        assertCode(send("bob", "m3", "three"), ErrorCode.TOO_LARGE);
        assertCode(edit("bob", "m1", "four"), ErrorCode.TOO_LARGE);
        assertThat(edit("bob", "m2", "five").answer())
                .as("it is held already")
                .isEqualTo(new Accepted(6, NOON, 1L, null, true));
        assertThat(send("bob", "m2", "two").answer()).isEqualTo(new Duplicate(5, NOON, null, null, true));
        assertThat(send("alice", "m4", "admins are not held").answer()).isEqualTo(new Accepted(7, NOON));
        assertThat(release("m2", 1L).events()).hasSize(1);
    }

    @Test
    void endOfTheSettingLeavesHeldOnesHeld() {
        send("bob", "m1", "one");
        set(false);

        assertThat(send("bob", "m2", "two").answer()).isEqualTo(new Accepted(5, NOON));
        assertThat(edit("bob", "m1", "three").answer()).isEqualTo(new Accepted(6, NOON, 1L, null, true));
        assertThat(release("m1", 1L).answer()).isEqualTo(new Accepted(0, NOON));
        assertThat(edit("bob", "m1", "four").answer()).isEqualTo(new Accepted(8, NOON, 2L));
    }

    @Test
    void senderDeletesAHeldOneAndItLeavesTheQueue() {
        send("bob", "m1", "one");
        Changes deleted = decide(new DeleteMessage(Actor.member("bob"), "m1", null));

        assertThat(deleted.answer()).isEqualTo(new Accepted(4, NOON));
        assertThat(row(deleted).getOpen()).isFalse();
        assertThat(row(deleted).getDecision()).isNull();
        assertThat(row(deleted).getHeldContent()).isNull();
        assertThat(send("bob", "m1", "one").answer()).isEqualTo(new Duplicate(3, NOON));

        send("bob", "m2", "two");
        flag(RuleAction.FLAG, "m2");
        assertThat(row(decide(new DeleteMessage(Actor.member("bob"), "m2", null)))
                        .getOpen())
                .as("flagged, so still to be decided")
                .isTrue();
    }

    @Test
    void removeRuleRejectsAndFlagsJoinTheRow() {
        send("bob", "m1", "one");
        assertThat(row(flag(RuleAction.FLAG, "m1")).getHeld()).isTrue();
        Changes rejected = flag(RuleAction.REMOVE, "m1");

        assertThat(rejected.events()).hasSize(1);
        assertThat(row(rejected).getDecision().getAction()).isEqualTo("reject");
        assertThat(row(rejected).getFlags()).hasSize(2);
        assertThat(row(rejected).getOpen()).isFalse();
        assertCode(decision("m1", DecisionAction.RELEASE), ErrorCode.INVALID_REQUEST);
    }

    /// Moderation that is built again judges all messages again.
    @Test
    void rulesDoNotJudgeAgainWhatAModeratorReleased() {
        send("bob", "m1", "one");
        release("m1", 0L);

        for (RuleAction action : RuleAction.values()) {
            assertThat(flag(action, "m1")).isEqualTo(Changes.none(new Duplicate(0, NOON)));
        }
    }

    @Test
    void otherDecisionsLeaveItHeldAndOpen() {
        send("bob", "m1", "one");
        for (DecisionAction action : List.of(DecisionAction.DISMISS, DecisionAction.WARN, DecisionAction.BAN)) {
            Changes changes = decision("m1", action);
            assertThat(row(changes).getOpen()).as(action.word()).isTrue();
            assertThat(row(changes).getHeldContent()).as(action.word()).isEqualTo(text("one"));
            assertThat(decision("m1", action)).isEqualTo(Changes.none(new Duplicate(0, NOON)));
        }
        assertThat(decision("m1", DecisionAction.RELEASE).events()).hasSize(1);
    }

    @Test
    void heldReplyComesIntoItsThreadWithItsRelease() {
        Changes held = decide(new SendMessage(Actor.member("bob"), message("r1", text("one"), "m0")));
        assertThat(held.answer()).isEqualTo(new Accepted(3, NOON, null, null, true));
        assertThat(all(held, ThreadGrown.class)).isEmpty();
        assertThat(all(held, FollowChanged.class)).isEmpty();
        assertThat(all(held, WatermarksMoved.class))
                .as("shown in the thread alone")
                .isEmpty();
        assertThat(decide(new SendMessage(Actor.member("alice"), message("r2", text("two"), "m0")))
                        .answer())
                .isInstanceOfSatisfying(
                        Accepted.class,
                        second -> assertThat(second.reply())
                                .extracting(Replied::ordinal)
                                .isEqualTo(1L));

        Changes released = decision("r1", DecisionAction.RELEASE);
        ThreadGrown grown = all(released, ThreadGrown.class).getFirst();
        assertThat(requireNonNull(requireNonNull(grown.root().state()).thread()).replyCount())
                .isEqualTo(2);
        assertThat(all(released, Listed.class))
                .extracting(Listed::list, Listed::number)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("m0", 2L));
        assertThat(all(released, FollowChanged.class))
                .extracting(change -> change.next().userId())
                .contains("bob");
        MessageState state = requireNonNull(lookups.message("r1")).state();
        assertThat(requireNonNull(requireNonNull(state).place()).getOrdinal()).isEqualTo(2);
    }

    @Test
    void whatHasExpiredIsOnlyTakenFromTheQueue() {
        decide(new SendMessage(Actor.member("bob"), new Message("m1", text("one"), NOON.plusSeconds(10), null, null)));
        now = NOON.plusSeconds(10);

        Changes changes = decision("m1", DecisionAction.RELEASE);
        assertThat(changes.events()).isEmpty();
        assertThat(row(changes).getOpen()).isFalse();
    }

    /// Members see watermarks, and who has joined in: before the release both would say who wrote it.
    @Test
    void watermarksAndJoiningInComeWithTheRelease() {
        begin(false);
        send("bob", "m1", "one");
        assertThat(requireNonNull(open().members().get("bob")).accepted()).isFalse();
        lookups.with("bob", new Watermarks(1, NOON, 1, NOON, 2L));
        now = NOON.plusSeconds(60);

        Changes released = decision("m1", DecisionAction.RELEASE);
        assertThat(requireNonNull(
                                ((MessageReleased) released.events().getFirst().event()).joined())
                        .userId())
                .isEqualTo("bob");
        assertThat(requireNonNull(open().members().get("bob")).accepted()).isTrue();
        assertThat(all(released, WatermarksMoved.class))
                .as("their own mark stays")
                .containsExactly(new WatermarksMoved("bob", new Watermarks(3, now, 3, now, 2L), now));

        lookups.with("bob", new Watermarks(9, now, 9, now));
        send("bob", "m2", "two");
        assertThat(all(decision("m2", DecisionAction.RELEASE), WatermarksMoved.class))
                .as("never back")
                .isEmpty();
        decide(new SendMessage(Actor.member("carol"), message("r1", text("x"), "m0")));
        assertThat(all(decision("r1", DecisionAction.RELEASE), WatermarksMoved.class))
                .as("shown in the thread alone")
                .isEmpty();
    }

    @Test
    void releaseIsNoActOfWhoLeft() {
        begin(false);
        send("bob", "m1", "one");
        send("carol", "m2", "two");
        decide(new RemoveMember(Actor.member("alice"), "bob"));
        decide(new RemoveMember(Actor.member("alice"), "carol"));
        decide(new AddMembers(Actor.member("alice"), List.of("carol"), false, List.of()));

        for (String messageId : List.of("m1", "m2")) {
            Changes released = decision(messageId, DecisionAction.RELEASE);
            assertThat(released.answer()).isEqualTo(new Accepted(0, NOON));
            assertThat(((MessageReleased) released.events().getFirst().event()).joined())
                    .isNull();
            assertThat(all(released, WatermarksMoved.class)).isEmpty();
        }
        assertThat(requireNonNull(open().members().get("carol")).accepted()).isFalse();
    }

    @Test
    void conversationThatIsHiddenComesBackWithTheFirstRelease() {
        hide("carol");
        assertThat(isHidden("carol")).isTrue();
        send("bob", "m1", "one");
        assertThat(isHidden("carol")).as("others are not shown it").isTrue();
        decision("m1", DecisionAction.RELEASE);
        assertThat(isHidden("carol")).isFalse();

        send("bob", "m2", "two");
        hide("carol");
        edit("bob", "m1", "three");
        release("m1", 1L);
        assertThat(isHidden("carol")).as("an edit is no new message").isTrue();
        decision("m2", DecisionAction.REJECT);
        assertThat(isHidden("carol")).isTrue();
        decide(new SendMessage(Actor.member("bob"), message("r1", text("x"), "m0")));
        decision("r1", DecisionAction.RELEASE);
        assertThat(isHidden("carol")).as("shown in the thread alone").isTrue();
        send("alice", "m3", "four");
        assertThat(isHidden("carol")).isFalse();
        assertThat(open().position().shownOrdinal()).isEqualTo(3);
        assertThat(open().position().unshownCount()).as("rejected").isEqualTo(1);
    }

    private void hide(String userId) {
        ChangePersonal change = new ChangePersonal();
        change.setHidden(true);
        decide(new Keep(Actor.member(userId), change));
    }

    /// As every change says it.
    private boolean isHidden(String userId) {
        Changes changes = decide(new Keep(Actor.member(userId), new ChangePersonal()));
        return all(changes, PersonalShown.class).getFirst().personal().getHidden();
    }

    @Test
    void whoClearedTheConversationBeyondItIsNotShownIt() {
        send("bob", "m1", "one");
        ChangePersonal clear = new ChangePersonal();
        clear.setClearedUpTo(3L);
        decide(new Keep(Actor.member("carol"), clear));

        Numbered released =
                all(decision("m1", DecisionAction.RELEASE), Numbered.class).getFirst();
        assertThat(requireNonNull(released.content()).getWithoutIt()).containsExactly("carol");
    }

    @Test
    void releaseIsADuplicateThoughTheMessageWasReportedSince() {
        send("bob", "m1", "one");
        decision("m1", DecisionAction.RELEASE);
        decide(new Report(Actor.member("carol"), "m1", ReportReason.SPAM, null, null));

        assertThat(decision("m1", DecisionAction.RELEASE)).isEqualTo(Changes.none(new Duplicate(0, NOON)));
        assertThat(requireNonNull(lookups.reported.get("m1")).getOpen())
                .as("the report is to be decided")
                .isTrue();
        decision("m1", DecisionAction.DISMISS);
        assertCode(decision("m1", DecisionAction.RELEASE), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void thoseWhoWereShownItAreNotNamedOnceItIsGone() {
        send("bob", "m1", "one");
        decision("m1", DecisionAction.REJECT);

        assertThat(requireNonNull(requireNonNull(lookups.message("m1")).state()).hold())
                .isEqualTo(new Hold(List.of(), true, 0L, 0L, false));
    }

    @Test
    void heldEditOfAReplyMakesThoseFollowWhomItMentions() {
        decide(new SendMessage(Actor.member("bob"), message("r1", text("one"), "m0")));
        decision("r1", DecisionAction.RELEASE);
        Content mentions = new Content("text", "you", null, null, new Mentions(List.of("carol"), false));
        Changes edited = decide(new EditMessage(Actor.member("bob"), "r1", mentions, null));
        assertThat(all(edited, FollowChanged.class))
                .as("nobody is shown it yet")
                .isEmpty();

        assertThat(all(release("r1", 1L), FollowChanged.class))
                .extracting(change -> change.next().userId())
                .containsExactly("carol");
    }

    @Test
    void replyIsReleasedUnderADeletedMessageAndNotUnderAForgottenOne() {
        decide(new SendMessage(Actor.member("bob"), message("r1", text("one"), "m0")));
        decide(new SendMessage(Actor.member("bob"), message("r2", text("two"), "m0")));
        decide(new DeleteMessage(Actor.member("alice"), "m0", null));

        assertThat(all(decision("r1", DecisionAction.RELEASE), ThreadGrown.class))
                .hasSize(1);
        lookups.messages.remove("m0");
        assertCode(decision("r2", DecisionAction.RELEASE), ErrorCode.MESSAGE_NOT_FOUND);
        assertThat(decision("r2", DecisionAction.REJECT).events()).hasSize(1);
    }

    private Open open() {
        return (Open) state;
    }

    private void set(boolean premoderation) {
        UpdateConversation update = new UpdateConversation();
        update.setPremoderation(premoderation);
        decide(new Update(Actor.member("alice"), update));
    }

    private static Content text(String text) {
        return new Content("text", text, null, null, null);
    }

    private static Message message(String messageId, Content content, @Nullable String threadOf) {
        return message(messageId, content, threadOf, null);
    }

    private static Message message(
            String messageId, Content content, @Nullable String threadOf, @Nullable String replyTo) {
        return new Message(
                messageId,
                content,
                null,
                replyTo == null ? null : new MessageReference(replyTo, 0L),
                threadOf == null ? null : new ThreadPlace(new MessageReference(threadOf, 0L), 0L, false));
    }

    private Changes send(String userId, String messageId, String text) {
        return decide(new SendMessage(Actor.member(userId), message(messageId, text(text), null)));
    }

    private Changes edit(String userId, String messageId, String text) {
        return decide(new EditMessage(Actor.member(userId), messageId, text(text), null));
    }

    private static DecideMessage asks(String messageId, String action) {
        DecideMessage asked = new DecideMessage();
        asked.setMessageId(messageId);
        asked.setAction(action);
        return asked;
    }

    private Changes decision(String messageId, DecisionAction action) {
        return decide(new Decide(MIA, action, asks(messageId, action.word())));
    }

    private Changes release(String messageId, long revision) {
        DecideMessage asked = asks(messageId, "release");
        asked.setRevision(revision);
        return decide(new Decide(MIA, DecisionAction.RELEASE, asked));
    }

    private Changes flag(RuleAction action, String messageId) {
        FlagMessage found = new FlagMessage();
        found.setMessageId(messageId);
        found.setRule("words of " + action.word());
        found.setVersion(1);
        found.setAction(action.word());
        return decide(new Flag(RULES, action, found));
    }

    private Changes decide(Command command) {
        Changes changes = rules.decide(state, command, lookups, now);
        if (changes.next() != null) {
            state = changes.next();
        }
        changes.list().forEach(lookups::keep);
        return changes;
    }

    private static <T> List<T> all(Changes changes, Class<T> type) {
        return changes.list().stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static ReportedMessage row(Changes changes) {
        return all(changes, ReportChanged.class).getLast().next();
    }

    private static void assertCode(Changes changes, ErrorCode code) {
        Answer answer = changes.answer();
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
        assertThat(changes.list()).isEmpty();
    }
}
