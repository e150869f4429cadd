package chat.milena.bench.answer;

import static chat.milena.bench.answer.PageRulesTest.entries;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.answer.AckRules.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class AckRulesTest {
    @Test
    void anAckThatIsThereIsHeld() {
        assertThat(sync(synced(7, entries(5, 6, 7)), 6)).isInstanceOf(Verdict.Held.class);
        assertThat(AckRules.ofPage(new PageAsk.After(4, 3), page(entries(5, 6, 7)), "m6", 6))
                .isInstanceOf(Verdict.Held.class);
    }

    @Test
    void anAckThatIsNotThereIsMissed() {
        assertThat(sync(synced(5, entries(5)), 6)).isInstanceOf(Verdict.Missed.class);
        assertThat(sync(synced(4, List.of()), 6)).isInstanceOf(Verdict.Missed.class);
        assertThat(AckRules.ofPage(new PageAsk.Newest(3), page(entries(5, 4, 3)), "m6", 6))
                .isInstanceOf(Verdict.Missed.class);
    }

    @Test
    void anotherMessageUnderItsNumberIsAMiss() {
        assertThat(AckRules.ofPage(new PageAsk.After(4, 3), page(entries(5, 6, 7)), "m7", 6))
                .isInstanceOf(Verdict.Missed.class);
    }

    @Test
    void anEventThatTookItsNumberIsAMiss() {
        List<TimelineEntry> entries = List.of(new TimelineEntry(5, "m5", "member.added"));

        assertThat(sync(synced(5, entries), 5)).isInstanceOf(Verdict.Missed.class);
    }

    @Test
    void aConversationThatIsDeniedOrLeftOutIsAMiss() {
        assertThat(sync(new SyncAnswer(List.of(), List.of("c1")), 5)).isInstanceOf(Verdict.Missed.class);
        assertThat(sync(new SyncAnswer(null, null), 5)).isInstanceOf(Verdict.Missed.class);
    }

    @Test
    void anAckWithAGapBeforeItIsWrong() {
        SyncAnswer answer =
                new SyncAnswer(List.of(new SyncedConversation("c1", entries(4, 6), false, 6, false, null)), List.of());

        assertThat(AckRules.ofSync(answer, "c1", 3, "m6", 6)).isInstanceOf(Verdict.Wrong.class);
    }

    @Test
    void anExpiredNumberIsNoMiss() {
        SyncAnswer answer = new SyncAnswer(
                List.of(new SyncedConversation("c1", List.of(), false, 6, false, List.of(new NumberRange(1, 6)))),
                List.of());

        assertThat(AckRules.ofSync(answer, "c1", 3, "m6", 6)).isInstanceOf(Verdict.Expired.class);
    }

    @Test
    void theNewestMayHavePassedIt() {
        assertThat(AckRules.ofPage(new PageAsk.Newest(3), page(entries(12, 11, 10)), "m6", 6))
                .isInstanceOf(Verdict.Held.class);
    }

    private static Verdict sync(SyncAnswer answer, long number) {
        return AckRules.ofSync(answer, "c1", 4, "m" + number, number);
    }

    private static SyncAnswer synced(long last, List<TimelineEntry> entries) {
        return new SyncAnswer(List.of(new SyncedConversation("c1", entries, false, last, false, null)), List.of());
    }

    private static Page page(List<TimelineEntry> entries) {
        return new Page(entries, true, "seq_" + entries.getLast().sequenceNumber(), null);
    }
}
