package chat.milena.bench.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PageRulesTest {
    private static final List<NumberRange> NONE = List.of();

    @Test
    void aFullPageOfEachKindIsRight() {
        assertThat(PageRules.fault(new PageAsk.Newest(3), page(true, NONE, 9, 8, 7), 9))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.Before(6, 3), page(true, NONE, 5, 4, 3), 9))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.After(4, 3), page(true, NONE, 5, 6, 7), 9))
                .isEmpty();
    }

    @Test
    void newerMessagesThanThoseKnownAreNoFault() {
        assertThat(PageRules.fault(new PageAsk.Newest(3), page(true, NONE, 12, 11, 10), 9))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.After(9, 3), page(false, NONE, 10), 9))
                .isEmpty();
    }

    @Test
    void theEndsAreRight() {
        assertThat(PageRules.fault(new PageAsk.After(0, 3), page(false, NONE, 1, 2), 2))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.Before(3, 3), page(false, NONE, 2, 1), 9))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.Before(1, 3), page(false, NONE), 9))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.After(9, 3), page(false, NONE), 9))
                .isEmpty();
    }

    @Test
    void aGapIsAFaultUnlessItExpired() {
        PageAsk ask = new PageAsk.After(4, 3);

        assertThat(PageRules.fault(ask, page(true, NONE, 5, 7, 8), 9)).hasValue("a gap between 5 and 7");
        assertThat(PageRules.fault(ask, page(true, List.of(new NumberRange(6, 6)), 5, 7, 8), 9))
                .isEmpty();
    }

    @Test
    void aBeginningThatExpiredIsNoFault() {
        List<NumberRange> expired = List.of(new NumberRange(3, 5), new NumberRange(1, 2));

        assertThat(PageRules.fault(new PageAsk.After(0, 3), page(false, expired, 6, 7), 7))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.Before(8, 3), page(false, expired, 7, 6), 9))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.Before(4, 3), page(false, expired), 9))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.After(0, 3), page(false, List.of(new NumberRange(1, 4)), 6, 7), 7))
                .isPresent();
    }

    @Test
    void theWrongDirectionAndARepeatedNumberAreFaults() {
        assertThat(PageRules.fault(new PageAsk.After(4, 3), page(true, NONE, 5, 4, 3), 9))
                .isPresent();
        assertThat(PageRules.fault(new PageAsk.Before(6, 3), page(true, NONE, 5, 5, 4), 9))
                .isPresent();
    }

    @Test
    void aPageThatBeginsElsewhereIsAFault() {
        assertThat(PageRules.fault(new PageAsk.Newest(3), page(true, NONE, 8, 7, 6), 9))
                .hasValue("it begins with 8");
        assertThat(PageRules.fault(new PageAsk.Before(6, 3), page(true, NONE, 4, 3, 2), 9))
                .isPresent();
        assertThat(PageRules.fault(new PageAsk.Before(6, 3), page(true, NONE, 6, 5, 4), 9))
                .isPresent();
        assertThat(PageRules.fault(new PageAsk.After(4, 3), page(true, NONE, 4, 5, 6), 9))
                .isPresent();
    }

    @Test
    void aPageOfTheWrongSizeIsAFault() {
        // A page of long messages ends early.
        assertThat(PageRules.fault(new PageAsk.Newest(3), page(true, NONE, 9, 8), 9))
                .isEmpty();
        assertThat(PageRules.fault(new PageAsk.Newest(3), page(true, NONE, 9, 8, 7, 6), 9))
                .isPresent();
        assertThat(PageRules.fault(new PageAsk.Newest(3), page(false, NONE), 9)).isPresent();
    }

    @Test
    void anEndThatIsNoneAndAMoreThatIsNotAreFaults() {
        assertThat(PageRules.fault(new PageAsk.Newest(3), page(false, NONE, 9, 8, 7), 9))
                .isPresent();
        assertThat(PageRules.fault(new PageAsk.After(4, 3), page(false, NONE, 5, 6, 7), 9))
                .isPresent();
        assertThat(PageRules.fault(new PageAsk.Before(3, 2), page(true, NONE, 2, 1), 9))
                .isPresent();
    }

    @Test
    void moreWithoutACursorIsAFault() {
        Page page = new Page(entries(9, 8, 7), true, null, null);

        assertThat(PageRules.fault(new PageAsk.Newest(3), page, 9)).hasValue("more, and no cursor to it");
    }

    private static Page page(boolean hasMore, List<NumberRange> expired, long... numbers) {
        return new Page(entries(numbers), hasMore, hasMore ? "seq_" + numbers[numbers.length - 1] : null, expired);
    }

    static List<TimelineEntry> entries(long... numbers) {
        return LongStream.of(numbers)
                .mapToObj(number -> new TimelineEntry(number, "m" + number, "message"))
                .toList();
    }
}
