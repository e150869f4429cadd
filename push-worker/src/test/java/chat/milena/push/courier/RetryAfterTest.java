package chat.milena.push.courier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration MOST = Duration.ofHours(1);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120 | 2026-01-02T03:06:05Z",
                " 1 | 2026-01-02T03:04:06Z",
                "3600 | 2026-01-02T04:04:05Z",
                "3601 | 2026-01-02T04:04:05Z",
                "999999999999999999 | 2026-01-02T04:04:05Z",
                "Fri, 02 Jan 2026 03:05:00 GMT | 2026-01-02T03:05:00Z",
                "Fri, 02 Jan 2099 03:05:00 GMT | 2026-01-02T04:04:05Z",
            })
    void secondsAndDatesNameAMomentWithinBounds(String head, Instant moment) {
        assertThat(RetryAfter.parse(head, NOW, MOST)).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-5", "1.5", "soon", "9999999999999999999999", "Fri, 02 Jan 2026 03:04:05 GMT", "120s"})
    void restNamesNone(String head) {
        assertThat(RetryAfter.parse(head, NOW, MOST)).isNull();
    }

    @Test
    void missingHeadNamesNone() {
        assertThat(RetryAfter.parse(null, NOW, MOST)).isNull();
    }
}
