package chat.milena.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    private final RestartPolicy policy = new RestartPolicy(2, Duration.ofMinutes(5));

    @Test
    void failuresUpToTheBoundAreForgiven() {
        assertThat(policy.allowsAfterFailureAt(Instant.EPOCH)).isTrue();
        assertThat(policy.allowsAfterFailureAt(Instant.EPOCH.plusSeconds(1))).isTrue();
        assertThat(policy.allowsAfterFailureAt(Instant.EPOCH.plusSeconds(2))).isFalse();
    }

    @Test
    void oldFailuresAreForgotten() {
        for (int hour = 0; hour < 10; hour++) {
            assertThat(policy.allowsAfterFailureAt(Instant.EPOCH.plus(Duration.ofHours(hour))))
                    .isTrue();
        }
    }
}
