package chat.milena.ephemeral.typing;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TypingThrottleTest {
    private static final Typist TYPIST = new Typist(new UserKey("default", "alice"), "c1");

    private static final Duration LIFE = Duration.ofSeconds(5);

    private final TypingThrottle throttle = new TypingThrottle(2, LIFE);

    @Test
    void oneStartASecondIsTold() {
        assertThat(throttle.starts(TYPIST, 10_000)).isTrue();
        assertThat(throttle.starts(TYPIST, 10_999)).isFalse();
        assertThat(throttle.starts(TYPIST, 11_000)).isTrue();
    }

    @Test
    void stopIsToldOnceAndOnlyAfterAStart() {
        assertThat(throttle.stops(TYPIST, 0)).isFalse();
        throttle.starts(TYPIST, 0);
        assertThat(throttle.stops(TYPIST, 10)).isTrue();
        assertThat(throttle.stops(TYPIST, 20)).isFalse();
    }

    @Test
    void stopOfWhatHasEndedByItselfIsNotTold() {
        throttle.starts(TYPIST, 0);

        assertThat(throttle.stops(TYPIST, LIFE.toMillis() + 1)).isFalse();
    }

    @Test
    void whoSaidWhatTheyTypedMayStartAgainAtOnce() {
        throttle.starts(TYPIST, 0);
        throttle.said(TYPIST);

        assertThat(throttle.stops(TYPIST, 1)).isFalse();
        assertThat(throttle.starts(TYPIST, 2)).isTrue();
    }

    @Test
    void withTooManyTypistsTheOldestIsForgotten() {
        throttle.starts(TYPIST, 0);
        throttle.starts(new Typist(TYPIST.user(), "c2"), 0);
        throttle.starts(new Typist(TYPIST.user(), "c3"), 0);

        assertThat(throttle.starts(TYPIST, 1)).isTrue();
    }
}
