package chat.milena.topology.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Role;
import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Rejected;
import chat.milena.topology.conversation.ReceiptDecision.Moved;
import chat.milena.topology.conversation.ReceiptDecision.Unmoved;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiptRulesTest {
    private static final Instant LAST = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant NOW = LAST.plusSeconds(5);

    @Test
    void deliveredMovesDeliveredAlone() {
        assertThat(decide(Watermarks.NONE, delivered(4L))).isEqualTo(new Moved(new Watermarks(4, NOW, 0, null), true));
    }

    @Test
    void readImpliesDelivered() {
        assertThat(decide(Watermarks.NONE, read(4L))).isEqualTo(new Moved(new Watermarks(4, NOW, 4, NOW), true));
    }

    @Test
    void readOfWhatWasDeliveredLeavesThatAsItWas() {
        Watermarks before = new Watermarks(7, LAST, 2, LAST);

        assertThat(decide(before, read(4L))).isEqualTo(new Moved(new Watermarks(7, LAST, 4, NOW), true));
    }

    @Test
    void watermarksNeverGoBack() {
        Watermarks before = new Watermarks(7, LAST, 6, LAST);

        assertThat(decide(before, read(5L))).isEqualTo(new Unmoved(before));
        assertThat(decide(before, read(6L))).isEqualTo(new Unmoved(before));
        assertThat(decide(before, delivered(7L))).isEqualTo(new Unmoved(before));
        assertThat(decide(before, read(0L))).isEqualTo(new Unmoved(before));
    }

    @Test
    void whatIsBeyondTheEndIsCutToTheEnd() {
        assertThat(decide(Watermarks.NONE, read(Long.MAX_VALUE)))
                .isEqualTo(new Moved(new Watermarks(10, NOW, 10, NOW), true));
        Watermarks atTheEnd = new Watermarks(10, LAST, 10, LAST);
        assertThat(decide(atTheEnd, delivered(11L))).isEqualTo(new Unmoved(atTheEnd));
    }

    @Test
    void timesDoNotGoBackWithTheClock() {
        ReceiptDecision early =
                ReceiptRules.decide(open(ConversationType.GROUP), Watermarks.NONE, read(3L), LAST.minusSeconds(60));
        ReceiptDecision earlier = ReceiptRules.decide(
                open(ConversationType.GROUP), new Watermarks(3, NOW, 3, NOW), read(4L), LAST.plusSeconds(1));

        assertThat(early).isEqualTo(new Moved(new Watermarks(3, LAST, 3, LAST), true));
        assertThat(earlier).isEqualTo(new Moved(new Watermarks(4, NOW, 4, NOW), true));
    }

    @Test
    void messagesThatNobodyKnowsAreNotFound() {
        assertThat(decide(Watermarks.NONE, read(null))).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.code()).isEqualTo(ErrorCode.MESSAGE_NOT_FOUND);
            assertThat(rejected.reason()).startsWith("messageIds: ");
        });
    }

    @Test
    void outsidersAreRefusedLikeTheirMessages() {
        ReceiptMark mark = new ReceiptMark("mallory", ReceiptKind.READ, 3L, List.of());

        assertThat(codeOf(open(ConversationType.GROUP), mark)).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(open(ConversationType.DIRECT), mark)).isEqualTo(ErrorCode.CONVERSATION_NOT_FOUND);
        assertThat(codeOf(new Absent(), mark)).isEqualTo(ErrorCode.CONVERSATION_NOT_FOUND);
        ReceiptMark unknown = new ReceiptMark("mallory", ReceiptKind.READ, null, List.of());
        assertThat(codeOf(open(ConversationType.GROUP), unknown)).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void senderHasReadTheirOwnMessage() {
        assertThat(ReceiptRules.ofSender(new Position(11, 9, 0, NOW))).isEqualTo(new Watermarks(11, NOW, 11, NOW));
    }

    @Test
    void watermarksThatContradictAreNoMembersFault() {
        assertThatExceptionOfType(BrokenInvariantException.class).isThrownBy(() -> new Watermarks(3, NOW, 4, NOW));
        assertThatExceptionOfType(BrokenInvariantException.class)
                .isThrownBy(() -> decide(new Watermarks(11, NOW, 4, NOW), read(5L)));
    }

    private static ReceiptDecision decide(Watermarks before, ReceiptMark mark) {
        return ReceiptRules.decide(open(ConversationType.GROUP), before, mark, NOW);
    }

    private static ErrorCode codeOf(ConversationState state, ReceiptMark mark) {
        return ((Rejected) ReceiptRules.decide(state, Watermarks.NONE, mark, NOW)).code();
    }

    private static ReceiptMark delivered(@Nullable Long upTo) {
        return new ReceiptMark("alice", ReceiptKind.DELIVERED, upTo, List.of());
    }

    private static ReceiptMark read(@Nullable Long upTo) {
        return new ReceiptMark("alice", ReceiptKind.READ, upTo, List.of());
    }

    private static Open open(ConversationType type) {
        TreeMap<String, Membership> members = new TreeMap<>();
        for (String userId : List.of("alice", "bob")) {
            members.put(userId, new Membership(userId, Role.MEMBER, LAST, 1, null, true, 1L));
        }
        ConversationSettings settings = new ConversationSettings(false, false, true);
        return new Open(
                new Properties(type, null, settings, "bob", LAST, false, null), members, new Position(10, 9, 0, LAST));
    }
}
