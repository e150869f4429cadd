package chat.milena.bench.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SyncRulesTest {
    @Test
    void whatFollowsTheNumberIsRight() {
        assertThat(SyncRules.fault(synced(false, 7, List.of(), 5, 6, 7), 4)).isEmpty();
        assertThat(SyncRules.fault(synced(true, 9, List.of(), 5, 6, 7), 4)).isEmpty();
        assertThat(SyncRules.fault(synced(false, 7, List.of()), 7)).isEmpty();
    }

    @Test
    void whatExpiredIsNoGap() {
        List<NumberRange> expired = List.of(new NumberRange(1, 4));

        assertThat(SyncRules.fault(synced(false, 7, expired, 5, 6, 7), 0)).isEmpty();
        assertThat(SyncRules.fault(synced(false, 4, expired), 0)).isEmpty();
        assertThat(SyncRules.fault(synced(false, 7, expired, 6, 7), 0)).isPresent();
    }

    @Test
    void gapsAndWrongBeginningsAreFaults() {
        assertThat(SyncRules.fault(synced(false, 8, List.of(), 5, 7, 8), 4)).isPresent();
        assertThat(SyncRules.fault(synced(false, 7, List.of(), 6, 7), 4)).isPresent();
        assertThat(SyncRules.fault(synced(false, 7, List.of(), 4, 5, 6, 7), 4)).isPresent();
    }

    @Test
    void aShortAnswerThatCallsItselfCompleteIsAFault() {
        assertThat(SyncRules.fault(synced(false, 9, List.of(), 5, 6), 4)).hasValue("no more, though it ends at 6 of 9");
        assertThat(SyncRules.fault(synced(false, 9, List.of()), 4)).isPresent();
        assertThat(SyncRules.fault(synced(false, 5, List.of(), 5, 6), 4)).isPresent();
    }

    @Test
    void aNumberThatExistsIsNotAhead() {
        SyncedConversation ahead = new SyncedConversation("c1", null, false, 3, true, null);

        assertThat(SyncRules.fault(ahead, 4)).isPresent();
    }

    private static SyncedConversation synced(boolean hasMore, long last, List<NumberRange> expired, long... numbers) {
        return new SyncedConversation("c1", PageRulesTest.entries(numbers), hasMore, last, false, expired);
    }
}
