package chat.milena.conversation.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change.ReceiptShown;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.conversation.state.ConversationProperties;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.Position;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiptRulesTest {
    private static final Instant LAST = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant NOW = LAST.plusSeconds(5);

    private final ConversationRules rules = new ConversationRules(10, 10, 9, Duration.ofDays(30), Duration.ZERO);

    @Test
    void deliveredMovesDeliveredAlone() {
        assertThat(moved(Watermarks.NONE, delivered(4L))).isEqualTo(new Watermarks(4, NOW, 0, null));
    }

    @Test
    void readImpliesDelivered() {
        assertThat(moved(Watermarks.NONE, read(4L))).isEqualTo(new Watermarks(4, NOW, 4, NOW));
    }

    @Test
    void readOfWhatWasDeliveredLeavesThatAsItWas() {
        Watermarks before = new Watermarks(7, LAST, 2, LAST);

        assertThat(moved(before, read(4L))).isEqualTo(new Watermarks(7, LAST, 4, NOW));
    }

    @Test
    void watermarksNeverGoBack() {
        Watermarks before = new Watermarks(7, LAST, 6, LAST);

        assertUnmoved(before, read(5L));
        assertUnmoved(before, read(6L));
        assertUnmoved(before, delivered(7L));
        assertUnmoved(before, read(0L));
    }

    @Test
    void whatIsBeyondTheEndIsCutToTheEnd() {
        assertThat(moved(Watermarks.NONE, read(Long.MAX_VALUE))).isEqualTo(new Watermarks(10, NOW, 10, NOW));
        Watermarks atTheEnd = new Watermarks(10, LAST, 10, LAST);
        assertUnmoved(atTheEnd, delivered(11L));
    }

    @Test
    void timesDoNotGoBackWithTheClock() {
        Watermarks early = moved(decide(Watermarks.NONE, read(3L), LAST.minusSeconds(60)));
        Watermarks earlier = moved(decide(new Watermarks(3, NOW, 3, NOW), read(4L), LAST.plusSeconds(1)));

        assertThat(early).isEqualTo(new Watermarks(3, LAST, 3, LAST));
        assertThat(earlier).isEqualTo(new Watermarks(4, NOW, 4, NOW));
    }

    @Test
    void messagesThatNobodyKnowsAreNotFound() {
        assertThat(decide(Watermarks.NONE, read(null), NOW).answer())
                .isInstanceOfSatisfying(Rejected.class, rejected -> {
                    assertThat(rejected.code()).isEqualTo(ErrorCode.MESSAGE_NOT_FOUND);
                    assertThat(rejected.reason()).startsWith("messageIds: ");
                });
    }

    @Test
    void outsidersAreRefusedLikeTheirMessages() {
        MarkReceipt mark = new MarkReceipt(Actor.member("mallory"), ReceiptKind.READ, 3L, List.of());

        assertThat(codeOf(open(ConversationType.GROUP), mark)).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(open(ConversationType.DIRECT), mark)).isEqualTo(ErrorCode.CONVERSATION_NOT_FOUND);
        assertThat(codeOf(new Absent(), mark)).isEqualTo(ErrorCode.CONVERSATION_NOT_FOUND);
        MarkReceipt unknown = new MarkReceipt(Actor.member("mallory"), ReceiptKind.READ, null, List.of());
        assertThat(codeOf(open(ConversationType.GROUP), unknown)).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void senderHasReadTheirOwnMessage() {
        assertThat(ReceiptRules.ofSender(new Position(11, 9, 0, 0, 0, 0, 0, NOW)))
                .isEqualTo(new Watermarks(11, NOW, 11, NOW));
    }

    @Test
    void watermarksThatContradictAreNoMembersFault() {
        assertThatExceptionOfType(BrokenInvariantException.class).isThrownBy(() -> new Watermarks(3, NOW, 4, NOW));
        assertThatExceptionOfType(BrokenInvariantException.class)
                .isThrownBy(() -> decide(new Watermarks(11, NOW, 4, NOW), read(5L), NOW));
    }

    @Test
    void moveIsSavedShownAndAnswered() {
        assertThat(decide(Watermarks.NONE, delivered(4L), NOW))
                .isEqualTo(new Changes(
                        null,
                        List.of(
                                new WatermarksMoved("alice", new Watermarks(4, NOW, 0, null), NOW),
                                new ReceiptShown(
                                        "alice",
                                        ReceiptKind.DELIVERED,
                                        4,
                                        NOW,
                                        List.of(),
                                        new Recipients.Others("alice"))),
                        new Accepted(4, NOW),
                        null));
    }

    @Test
    void membersMessagesAreLookedUpAndTheFurthestCounts() {
        FakeLookups lookups = FakeLookups.none().with("m1", new FirstSend("bob", 7, LAST));
        MarkReceipt mark = new MarkReceipt(Actor.member("alice"), ReceiptKind.READ, 3L, List.of("m1", "m2"));

        Changes changes = rules.decide(open(ConversationType.GROUP), mark, lookups, NOW);

        assertThat(moved(changes)).isEqualTo(new Watermarks(7, NOW, 7, NOW));
        assertThat(changes.list().getLast())
                .isInstanceOfSatisfying(
                        ReceiptShown.class,
                        shown -> assertThat(shown.messageIds()).containsExactly("m1"));
        assertThat(lookups.lookedUp).contains("m1", "m2");
    }

    @Test
    void amongManyTheSendersOfTheLastHundredMessagesAreNotified() {
        ConversationRules many = new ConversationRules(10, 10, 1, Duration.ofDays(30), Duration.ZERO);
        Open open = open(ConversationType.GROUP, 301);
        FakeLookups lookups = FakeLookups.none().with("alice", new Watermarks(200, LAST, 150, LAST));
        lookups.senders.put(200L, "bob");

        assertThat(shownTo(many, open, read(300L), lookups)).isEqualTo(Recipients.Some.of("alice"));
        assertThat(lookups.lookedUp).filteredOn(name -> name.startsWith("#")).hasSize(100);
        assertThat(shownTo(many, open, read(250L), lookups)).isEqualTo(new Recipients.Some(List.of("alice", "bob")));
        lookups.lookedUp.clear();
        assertThat(shownTo(rules, open, read(300L), lookups)).isEqualTo(Recipients.MEMBERS);
        assertThat(lookups.lookedUp).as("where all are notified").doesNotContain("#300");
    }

    private static Recipients shownTo(Rules rules, Open open, MarkReceipt mark, FakeLookups lookups) {
        return ((ReceiptShown) rules.decide(open, mark, lookups, NOW).list().getLast()).recipients();
    }

    @Test
    void outsidersNamesCostNoLookUp() {
        FakeLookups lookups = FakeLookups.none();
        MarkReceipt mark = new MarkReceipt(Actor.member("mallory"), ReceiptKind.READ, null, List.of("m1", "m2"));

        rules.decide(open(ConversationType.GROUP), mark, lookups, NOW);
        rules.decide(new Absent(), mark, lookups, NOW);

        assertThat(lookups.lookedUp).isEmpty();
    }

    private Changes decide(Watermarks before, MarkReceipt mark, Instant now) {
        return rules.decide(
                open(ConversationType.GROUP), mark, FakeLookups.none().with("alice", before), now);
    }

    private Watermarks moved(Watermarks before, MarkReceipt mark) {
        return moved(decide(before, mark, NOW));
    }

    private static Watermarks moved(Changes changes) {
        return ((WatermarksMoved) changes.list().getFirst()).next();
    }

    private void assertUnmoved(Watermarks before, MarkReceipt mark) {
        assertThat(decide(before, mark, NOW))
                .isEqualTo(Changes.none(new Duplicate(before.upTo(mark.kind()), before.since(mark.kind()))));
    }

    private ErrorCode codeOf(ConversationState state, MarkReceipt mark) {
        return ((Rejected) rules.decide(state, mark, FakeLookups.none(), NOW).answer()).code();
    }

    private static MarkReceipt delivered(@Nullable Long upTo) {
        return new MarkReceipt(Actor.member("alice"), ReceiptKind.DELIVERED, upTo, List.of());
    }

    private static MarkReceipt read(@Nullable Long upTo) {
        return new MarkReceipt(Actor.member("alice"), ReceiptKind.READ, upTo, List.of());
    }

    private static Open open(ConversationType type) {
        return open(type, 10);
    }

    private static Open open(ConversationType type, long last) {
        TreeMap<String, Membership> members = new TreeMap<>();
        for (String userId : List.of("alice", "bob")) {
            members.put(userId, new Membership(userId, Role.MEMBER, LAST, 1, null, true, 1L, false));
        }
        ConversationSettings settings = new ConversationSettings(false, false, true, false, 0, false);
        return new Open(
                new ConversationProperties(
                        type, ConversationProperties.Profile.named(null), settings, "bob", LAST, false, null),
                members,
                new Position(last, last - 1, 0, 0, 0, 0, 0, LAST));
    }
}
