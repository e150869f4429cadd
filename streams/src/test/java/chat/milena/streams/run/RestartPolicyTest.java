package chat.milena.streams.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    private final RestartPolicy policy = new RestartPolicy(2, Duration.ofMinutes(5));

    @Test
    void failuresUpToTheBoundAreForgiven() {
        assertThat(policy.allowsAfterFailureAt(0)).isTrue();
        assertThat(policy.allowsAfterFailureAt(1)).isTrue();
        assertThat(policy.allowsAfterFailureAt(2)).isFalse();
    }

    @Test
    void oldFailuresAreForgotten() {
        for (int hour = 0; hour < 10; hour++) {
            assertThat(policy.allowsAfterFailureAt(Duration.ofHours(hour).toNanos()))
                    .isTrue();
        }
    }
}
