package chat.milena.streams.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitPaceTest {
    private static final long START = 1_000_000;
    private final CommitPace pace = new CommitPace(5, 25);

    @Test
    void nothingIsCommittedWhileNothingIsOpen() {
        assertThat(pace.isDue(START)).isFalse();
        assertThat(pace.isDue(START + 1_000)).isFalse();
    }

    @Test
    void theFirstRecordAfterAPauseIsCommittedAtOnce() {
        assertThat(pace.isDue(START)).isFalse();
        pace.handled();
        assertThat(pace.isDue(START + 60_000)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"100, 5", "1000, 5", "1500, 8", "2000, 10", "3000, 15", "4000, 20", "5000, 25", "50000, 25"})
    void aTransactionStaysOpenInProportionToTheRate(int recordsPerSecond, int millis) {
        commit(1);
        assertThat(pace.isDue(START)).isFalse();
        long handled = 0;
        for (long at = 1; at < 100; at++) {
            while (handled * 1_000 < at * recordsPerSecond) {
                pace.handled();
                handled++;
            }
            if (pace.isDue(START + at)) {
                assertThat(at).isEqualTo(millis);
                return;
            }
        }
        throw new AssertionError("never due");
    }

    /// A waiting backlog is handled in few large transactions, not in many small ones.
    @ParameterizedTest
    @CsvSource({"25, 5", "26, 13", "100, 50", "1000, 100"})
    void aTransactionAfterASlowCommitStaysOpenForHalfAsLong(long tookMillis, long millis) {
        commit(tookMillis);
        assertThat(pace.isDue(START)).isFalse();
        pace.handled();
        assertThat(pace.isDue(START + millis - 1)).isFalse();
        assertThat(pace.isDue(START + millis)).isTrue();

        commit(1);
        assertThat(pace.isDue(START + 1_000)).isFalse();
        pace.handled();
        assertThat(pace.isDue(START + 1_005)).isTrue();
    }

    @Test
    void aCommitTakesFromItsFirstFlushOn() {
        pace.commitBegins(START);
        pace.commitBegins(START + 90);
        pace.committed(START + 100);
        pace.handled();
        assertThat(pace.isDue(START)).isFalse();
        assertThat(pace.isDue(START + 49)).isFalse();
        assertThat(pace.isDue(START + 50)).isTrue();
    }

    @Test
    void aClockThatIsSetBackHoldsNothingOpen() {
        assertThat(pace.isDue(START)).isFalse();
        pace.handled();
        assertThat(pace.isDue(START - 3_600_000)).isFalse();
        assertThat(pace.isDue(START - 3_600_000 + 5)).isTrue();
    }

    @Test
    void aCommitBeginsAnotherTransaction() {
        long first = pace.transaction();
        pace.handled();
        assertThat(pace.transaction()).isEqualTo(first);
        commit(1);
        assertThat(pace.transaction()).isNotEqualTo(first);
        assertThat(pace.isDue(START + 1_000)).isFalse();
    }

    private void commit(long tookMillis) {
        pace.commitBegins(START);
        pace.committed(START + tookMillis);
    }
}
