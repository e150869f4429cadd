package chat.milena.conversation.rules;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Detail.Revision;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.Audited;
import chat.milena.conversation.command.Change.BanOrdered;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.command.Change.ReportChanged;
import chat.milena.conversation.command.Change.Warned;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.Decide;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.Flag;
import chat.milena.conversation.command.Command.Report;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.moderation.QueueRules;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.avro.MessageReport;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.DecisionAction;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReportReason;
import chat.milena.schemas.word.RuleAction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A group of alice, bob and carol, in which bob wrote m1 with number 2.
class ReportRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Actor MIA = new Actor("mia", ActorKind.MODERATOR);
    private static final Actor RULES = new Actor("moderation", ActorKind.MODERATION);

    private final ConversationRules rules = new ConversationRules(10, 10, 9, Duration.ofDays(30), Duration.ZERO);
    private final FakeLookups lookups = FakeLookups.none();
    private ConversationState state = new Absent();
    private Instant now = NOON;

    @BeforeEach
    void begin() {
        ConversationSettings settings = new ConversationSettings(false, false, true, false, 0, false);
        decide(new CreateConversation(
                Actor.member("alice"), ConversationType.GROUP, "g", settings, List.of("bob", "carol"), true));
        decide(new SendMessage(Actor.member("bob"), new Message("m1", text("one"), null, null, null)));
    }

    @Test
    void reportOpensTheMessageAndTakesNoNumber() {
        Changes changes = report("carol", ReportReason.SPAM);

        assertThat(changes.answer()).isEqualTo(new Accepted(0, NOON));
        assertThat(changes.events()).isEmpty();
        ReportedMessage row = row(changes);
        assertThat(row.getOpen()).isTrue();
        assertThat(row.getSequenceNumber()).isEqualTo(2);
        assertThat(row.getSenderId()).isEqualTo("bob");
        assertThat(row.getReports()).containsExactly(new MessageReport("carol", "spam", "look", NOON));
        ModerationEvent noted = audited(changes);
        assertThat(noted.getKind()).isEqualTo("report");
        assertThat(noted.getActorId()).isEqualTo("carol");
        assertThat(noted.getReason()).isEqualTo("spam");
        assertThat(noted.toString()).as("no text of anybody").doesNotContain("look");
    }

    @Test
    void firstReportOfAUserStands() {
        report("carol", ReportReason.SPAM);
        now = NOON.plusSeconds(60);

        assertThat(report("carol", ReportReason.ABUSE)).isEqualTo(Changes.none(new Duplicate(0, NOON)));
        assertThat(row(report("alice", ReportReason.ABUSE)).getReports())
                .extracting(MessageReport::getUserId)
                .containsExactly("carol", "alice");
    }

    @Test
    void reportsThatCannotBe() {
        assertCode(report("bob", ReportReason.SPAM), ErrorCode.INVALID_REQUEST);
        assertCode(report("eve", ReportReason.SPAM), ErrorCode.FORBIDDEN);
        assertCode(
                decide(new Report(Actor.member("carol"), "m9", ReportReason.SPAM, null, null)),
                ErrorCode.MESSAGE_NOT_FOUND);
        decide(new DeleteMessage(Actor.member("bob"), "m1", null));
        assertCode(report("carol", ReportReason.SPAM), ErrorCode.MESSAGE_NOT_FOUND);
        now = NOON.plus(Duration.ofDays(31));
        assertCode(decision(DecisionAction.DISMISS), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void reportThatStandsIsADuplicateAfterTheDeletionToo() {
        report("carol", ReportReason.SPAM);
        decide(new DeleteMessage(Actor.member("bob"), "m1", null));

        assertThat(report("carol", ReportReason.SPAM).answer()).isEqualTo(new Duplicate(0, NOON));
    }

    @Test
    void reportedMessageThatExpiredCanStillBeDecided() {
        report("carol", ReportReason.SPAM);
        now = NOON.plus(Duration.ofDays(31));

        assertThat(decision(DecisionAction.WARN).answer()).isEqualTo(new Accepted(0, now));
        Changes removed = decision(DecisionAction.REMOVE);
        assertThat(removed.answer()).isEqualTo(new Accepted(0, now));
        assertThat(removed.events()).isEmpty();
    }

    @Test
    void reportedMessageThatItsSenderDeletedCanStillBeDecided() {
        report("carol", ReportReason.SPAM);
        decide(new DeleteMessage(Actor.member("bob"), "m1", null));

        assertThat(decision(DecisionAction.WARN).answer()).isEqualTo(new Accepted(0, NOON));
        Changes removed = decision(DecisionAction.REMOVE);
        assertThat(removed.answer()).isEqualTo(new Accepted(0, NOON));
        assertThat(removed.events()).as("it is gone already").isEmpty();
        assertThat(decision(DecisionAction.BAN).answer()).isEqualTo(new Accepted(0, NOON));
    }

    @Test
    void onlyModeratorsDecideAndOnlyRulesFlag() {
        assertThat(decide(new Decide(Actor.member("alice"), DecisionAction.DISMISS, asks("dismiss")))
                        .answer())
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(ErrorCode.FORBIDDEN));
        assertCode(decide(new Flag(MIA, RuleAction.FLAG, found("links", 1, 0))), ErrorCode.FORBIDDEN);
    }

    @Test
    void removalIsADeletionByModerationAndFinal() {
        report("carol", ReportReason.SPAM);

        Changes removed = decision(DecisionAction.REMOVE);

        assertThat(removed.answer()).isEqualTo(new Accepted(0, NOON));
        assertThat(removed.events()).hasSize(1);
        assertThat(new Decide(MIA, DecisionAction.REMOVE, asks("remove"))
                        .shownAs()
                        .userId())
                .isEqualTo("moderation");
        assertThat(row(removed).getOpen()).isFalse();
        assertThat(audited(removed).getActorId()).as("the audit knows who").isEqualTo("mia");
        assertThat(audited(removed).getOverturned()).isFalse();
        assertThat(decision(DecisionAction.REMOVE).answer()).isEqualTo(new Duplicate(0, NOON));

        now = NOON.plusSeconds(60);
        Changes dismissed = decision(DecisionAction.DISMISS);
        assertThat(dismissed.events()).as("nothing comes back").isEmpty();
        assertThat(audited(dismissed).getOverturned()).isTrue();
        assertThat(requireNonNull(requireNonNull(lookups.message("m1")).state()).deleted())
                .isNotNull();
        Changes again = decision(DecisionAction.REMOVE);
        assertThat(again.events()).as("it is gone already").isEmpty();
        assertThat(again.answer()).isEqualTo(new Accepted(0, now));
    }

    @Test
    void decidedMessageOpensAgainWithTheNextReport() {
        report("carol", ReportReason.SPAM);
        assertThat(row(decision(DecisionAction.DISMISS)).getOpen()).isFalse();

        ReportedMessage again = row(report("alice", ReportReason.ABUSE));

        assertThat(again.getOpen()).isTrue();
        assertThat(again.getDecision().getAction()).isEqualTo("dismiss");
        assertThat(decision(DecisionAction.DISMISS).answer()).as("it is news").isEqualTo(new Accepted(0, NOON));
    }

    @Test
    void messageThatNobodyReportedMayBeDecided() {
        ReportedMessage row = row(decision(DecisionAction.WARN));

        assertThat(row.getReports()).isEmpty();
        assertThat(row.getOpen()).isFalse();
    }

    @Test
    void warningGoesToTheAuthorAndBanIsOrderedForThem() {
        assertThat(decision(DecisionAction.WARN).list())
                .filteredOn(Warned.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(Warned.class, warned -> {
                    assertThat(warned.userId()).isEqualTo("bob");
                    assertThat(warned.warning().getMessageId()).isEqualTo("m1");
                });
        assertThat(decision(DecisionAction.BAN).list())
                .filteredOn(BanOrdered.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(BanOrdered.class, ordered -> {
                    assertThat(ordered.moderator()).isEqualTo(MIA);
                    assertThat(ordered.ban().getUserId()).isEqualTo("bob");
                    assertThat(ordered.ban().getConversationId()).isNull();
                    assertThat(ordered.ban().getReason()).isEqualTo("decision on a message");
                });
    }

    @Test
    void reasonOfABanIsTheOneOfTheModeratorAndAnotherReasonIsAnotherDecision() {
        DecideMessage ban = asks("ban");
        ban.setText("sells watches");

        Changes changes = decide(new Decide(MIA, DecisionAction.BAN, ban));

        assertThat(Objects.requireNonNull(one(changes, BanOrdered.class)).ban().getReason())
                .isEqualTo("sells watches");
        assertThat(Objects.requireNonNull(row(changes).getDecision()).getText()).isEqualTo("sells watches");
        assertThat(decide(new Decide(MIA, DecisionAction.BAN, ban)).answer()).isInstanceOf(Duplicate.class);
        DecideMessage further = asks("ban");
        further.setText("sells bags");
        assertThat(one(decide(new Decide(MIA, DecisionAction.BAN, further)), BanOrdered.class))
                .isNotNull();
    }

    @Test
    void authorWhoIsNoUserCannotBeBanned() {
        ConversationSettings settings = new ConversationSettings(false, false, true, false, 0, false);
        state = new Absent();
        decide(new CreateConversation(
                Actor.member("alice"), ConversationType.GROUP, "g", settings, List.of("host"), true));
        decide(new SendMessage(Actor.member("host"), new Message("m7", text("one"), null, null, null)));
        DecideMessage ban = asks("ban");
        ban.setMessageId("m7");

        assertCode(decide(new Decide(MIA, DecisionAction.BAN, ban)), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void bansThatCannotBe() {
        Actor bob = new Actor("bob", ActorKind.MODERATOR);
        assertCode(decide(new Decide(bob, DecisionAction.BAN, asks("ban"))), ErrorCode.INVALID_REQUEST);
        DecideMessage past = asks("ban");
        past.setUntil(NOON);
        assertCode(decide(new Decide(MIA, DecisionAction.BAN, past)), ErrorCode.INVALID_REQUEST);
        assertThat(lookups.reported).isEmpty();
    }

    @Test
    void banThatTheListHasNoRoomForIsNoDecision() {
        report("carol", ReportReason.SPAM);
        lookups.hasRoomForBans = false;

        assertCode(decision(DecisionAction.BAN), ErrorCode.TOO_LARGE);
        lookups.hasRoomForBans = true;
        assertThat(decision(DecisionAction.BAN).answer())
                .as("it can be repeated")
                .isEqualTo(new Accepted(0, NOON));
    }

    @Test
    void decisionOnARevisionThatIsNoLongerTheOneIsAConflict() {
        report("carol", ReportReason.SPAM);
        DecideMessage first = asks("dismiss");
        first.setRevision(0L);
        assertThat(decide(new Decide(MIA, DecisionAction.DISMISS, first)).answer())
                .isEqualTo(new Accepted(0, NOON));
        decide(new EditMessage(Actor.member("bob"), "m1", text("two"), null));
        assertThat(decide(new Decide(MIA, DecisionAction.DISMISS, first)).answer())
                .as("sent again")
                .isEqualTo(new Duplicate(0, NOON));

        flag(RuleAction.FLAG, "links", 1, 1);
        Changes conflict = decide(new Decide(MIA, DecisionAction.DISMISS, first));

        assertCode(conflict, ErrorCode.CONFLICT);
        assertThat(((Rejected) conflict.answer()).detail()).isEqualTo(new Revision(1));
        first.setRevision(1L);
        assertThat(row(decide(new Decide(MIA, DecisionAction.DISMISS, first)))
                        .getDecision()
                        .getRevision())
                .isEqualTo(1);
    }

    @Test
    void dismissalDoesNotSettleAnEditThatWasNotInTheQueue() {
        flag(RuleAction.FLAG, "links", 1, 0);
        decide(new EditMessage(Actor.member("bob"), "m1", text("two"), null));

        assertThat(row(decision(DecisionAction.DISMISS)).getDecision().getRevision())
                .isEqualTo(0);
        assertThat(flag(RuleAction.REMOVE, "words", 1, 1).events())
                .as("the edit is judged")
                .hasSize(1);
    }

    @Test
    void flagThatTheQueueHasNoRoomForIsInTheAuditAlone() {
        lookups.open = QueueRules.OPEN_MAX;

        Changes unlisted = flag(RuleAction.FLAG, "links", 1, 0);
        assertThat(unlisted.list())
                .singleElement()
                .isInstanceOfSatisfying(
                        Audited.class,
                        noted -> assertThat(noted.event().getKind()).isEqualTo("flag.unlisted"));
        assertThat(row(report("carol", ReportReason.SPAM)).getOpen())
                .as("what people report is listed")
                .isTrue();
        assertThat(row(flag(RuleAction.FLAG, "links", 1, 0)).getFlags())
                .as("it is open already")
                .hasSize(1);
        assertThat(flag(RuleAction.REMOVE, "words", 1, 0).events()).hasSize(1);
    }

    @Test
    void flagsWithoutAFindingLeaveRoomForThoseOfRules() {
        lookups.open = QueueRules.UNANSWERED_OPEN_MAX;
        FlagMessage unanswered = found("classifier", 1, 0);
        unanswered.setLabel("unanswered");

        assertThat(decide(new Flag(RULES, RuleAction.FLAG, unanswered)).list())
                .singleElement()
                .isInstanceOf(Audited.class);
        assertThat(row(flag(RuleAction.FLAG, "links", 1, 0)).getOpen()).isTrue();
    }

    @Test
    void messageThatIsNotHeldIsNeitherReleasedNorRejected() {
        assertCode(decision(DecisionAction.RELEASE), ErrorCode.INVALID_REQUEST);
        assertCode(decision(DecisionAction.REJECT), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void flagOpensTheMessageOnceForEachRuleAndVersion() {
        ReportedMessage row = row(flag(RuleAction.FLAG, "links", 1, 0));
        assertThat(row.getOpen()).isTrue();
        now = NOON.plusSeconds(1);

        assertThat(flag(RuleAction.FLAG, "links", 1, 0).answer()).isEqualTo(new Duplicate(0, NOON));
        assertThat(row(flag(RuleAction.FLAG, "words", 1, 0)).getFlags()).hasSize(2);
        assertThat(row(flag(RuleAction.FLAG, "links", 2, 0)).getFlags()).hasSize(3);
        assertCode(flag(RuleAction.FLAG, "links", 2, 1), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void ruleRemovesAndMakesADecidedRow() {
        report("carol", ReportReason.SPAM);

        Changes removed = flag(RuleAction.REMOVE, "words", 3, 0);

        assertThat(removed.list()).hasAtLeastOneElementOfType(Numbered.class);
        ReportedMessage row = row(removed);
        assertThat(row.getOpen()).isFalse();
        assertThat(row.getDecision().getDecidedBy()).isEqualTo("moderation");
        assertThat(row.getFlags())
                .extracting(one -> one.getRule() + one.getVersion())
                .containsExactly("words3");
        assertThat(audited(removed).getKind()).isEqualTo("decision");
        assertThat(audited(removed).getRule()).isEqualTo("words");
        assertThat(audited(removed).getRuleVersion()).isEqualTo(3);
        assertCode(flag(RuleAction.REMOVE, "words", 3, 0), ErrorCode.MESSAGE_NOT_FOUND);
        assertThat(audited(decision(DecisionAction.DISMISS)).getOverturned()).isTrue();
    }

    @Test
    void whatModeratorsLetStandIsNotJudgedAgainButAnEditIs() {
        flag(RuleAction.FLAG, "links", 1, 0);
        now = NOON.plusSeconds(1);
        assertThat(audited(decision(DecisionAction.DISMISS)).getOverturned()).isTrue();

        for (RuleAction action : RuleAction.values()) {
            assertThat(flag(action, "links", 1, 0).answer()).isEqualTo(new Duplicate(0, now));
            assertThat(flag(action, "words", 2, 0).answer()).isEqualTo(new Duplicate(0, now));
        }
        decide(new EditMessage(Actor.member("bob"), "m1", text("two"), null));
        assertThat(row(flag(RuleAction.FLAG, "words", 2, 1)).getOpen()).isTrue();
        assertCode(flag(RuleAction.REMOVE, "words", 2, 0), ErrorCode.MESSAGE_NOT_FOUND);
    }

    @Test
    void firstCopyAndTheLatestOfAnotherRevisionAreKeptUntilTheDecision() {
        List<MessageCopy> copies = Stream.of("harmless", "abuse", "worse abuse")
                .map(text -> new MessageCopy(text(text), 0L, NOON))
                .toList();
        for (int i = 0; i < 3; i++) {
            copies.get(i).setRevision(i);
            FlagMessage found = found("rule" + i, 1, i);
            found.setCopy(copies.get(i));
            decide(new Flag(RULES, RuleAction.FLAG, found));
            decide(new EditMessage(Actor.member("bob"), "m1", text("edit " + i), null));
        }
        ReportedMessage row = row(decide(new Report(
                Actor.member("alice"), "m1", ReportReason.SPAM, null, new MessageCopy(text("again"), 0L, NOON))));

        assertThat(row.getCopy()).isEqualTo(copies.getFirst());
        assertThat(row.getLatestCopy()).isEqualTo(copies.getLast());
        ReportedMessage decided = row(decision(DecisionAction.DISMISS));
        assertThat(decided.getCopy()).isNull();
        assertThat(decided.getLatestCopy()).isNull();
        assertThat(decided.getDecision().getRevision())
                .as("the latest one that was in the queue")
                .isEqualTo(2);
    }

    @Test
    void entriesOfAMessageAreBounded() {
        for (int i = 0; i < 120; i++) {
            flag(RuleAction.FLAG, "rule" + i, 1, 0);
        }

        assertThat(requireNonNull(lookups.reported.get("m1")).getFlags()).hasSize(100);
        decide(new EditMessage(Actor.member("bob"), "m1", text("two"), null));
        assertThat(flag(RuleAction.REMOVE, "last", 1, 1).events())
                .as("it acts nevertheless")
                .hasSize(1);
    }

    private static Content text(String text) {
        return new Content("text", text, null, null, null);
    }

    private Changes report(String userId, ReportReason reason) {
        return decide(new Report(Actor.member(userId), "m1", reason, "look", null));
    }

    private static DecideMessage asks(String action) {
        return new DecideMessage("m1", action, null, false, null, null, null);
    }

    private Changes decision(DecisionAction action) {
        return decide(new Decide(MIA, action, asks(action.word())));
    }

    private static FlagMessage found(String rule, long version, long revision) {
        return new FlagMessage("m1", revision, rule, version, "flag", null, null);
    }

    private Changes flag(RuleAction action, String rule, long version, long revision) {
        return decide(new Flag(RULES, action, found(rule, version, revision)));
    }

    private Changes decide(Command command) {
        Changes changes = rules.decide(state, command, lookups, now);
        if (changes.next() != null) {
            state = changes.next();
        }
        changes.list().forEach(lookups::keep);
        return changes;
    }

    private static <T extends Change> @Nullable T one(Changes changes, Class<T> type) {
        return changes.list().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    private static ReportedMessage row(Changes changes) {
        return Objects.requireNonNull(
                        one(changes, ReportChanged.class),
                        () -> changes.answer().toString())
                .next();
    }

    private static ModerationEvent audited(Changes changes) {
        return Objects.requireNonNull(
                        one(changes, Audited.class), () -> changes.answer().toString())
                .event();
    }

    private static void assertCode(Changes changes, ErrorCode code) {
        Answer answer = changes.answer();
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
        assertThat(changes.list()).isEmpty();
    }
}
