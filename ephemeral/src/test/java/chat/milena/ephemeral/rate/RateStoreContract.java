package chat.milena.ephemeral.rate;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.rate.RateStore.Usage;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store of shared rates keeps, the fake of other tests too. The rates are so slow that the duration of a
/// test does not matter.
abstract class RateStoreContract {
    static final Rate AN_HOUR = new Rate(6, Duration.ofHours(1), "an hour");
    static final Rate A_DAY = new Rate(24, Duration.ofDays(1), "a day");
    static final Duration A_MINUTE = Duration.ofMinutes(1);

    private int users;
    UserKey alice = new UserKey("default", "alice");

    /// One more gateway's connection to the same store.
    abstract RateStore open();

    @BeforeEach
    void newUser() {
        alice = new UserKey("default", "alice-" + users++);
    }

    static Usage usage(UserKey user, int messages) {
        return new Usage(user, messages, Duration.ZERO);
    }

    static void assertAbout(Duration actual, Duration expected) {
        assertThat(actual).isBetween(expected.minus(A_MINUTE), expected);
    }

    @Test
    void gatewaysShareOneAllowanceAndOweWhatIsBeyondIt() {
        List<Rate> rates = List.of(AN_HOUR, A_DAY);
        try (RateStore one = open();
                RateStore other = open()) {
            List<Duration> first = one.report(rates, List.of(usage(alice, 2))).getFirst();
            assertAbout(first.get(0), Duration.ofMinutes(20));
            assertAbout(first.get(1), Duration.ofHours(2));

            List<Duration> second =
                    other.report(rates, List.of(usage(alice, 7))).getFirst();
            // One report counts up to the six of a period.
            assertAbout(second.get(0), Duration.ofMinutes(80));
            assertAbout(second.get(1), Duration.ofHours(9));
            assertAbout(one.report(rates, List.of(usage(alice, -3))).getFirst().get(0), Duration.ofMinutes(50));
        }
    }

    @Test
    void earlierUseIsPaidBackFromItsOwnTime() {
        try (RateStore store = open()) {
            Usage before = new Usage(alice, 3, Duration.ofMinutes(20));
            assertAbout(
                    store.report(List.of(AN_HOUR), List.of(before)).getFirst().getFirst(), Duration.ofMinutes(10));
        }
    }

    @Test
    void eachLimitHasItsOwnAllowance() {
        try (RateStore store = open()) {
            store.report(List.of(AN_HOUR), List.of(usage(alice, 3)));
            Rate more = new Rate(60, Duration.ofHours(1), "an hour");
            assertAbout(
                    store.report(List.of(more), List.of(usage(alice, 3)))
                            .getFirst()
                            .getFirst(),
                    Duration.ofMinutes(3));
        }
    }

    @Test
    void manyUsersAreReportedInOneCallAndAnsweredInTheirOrder() {
        List<Usage> many = IntStream.range(0, 250)
                .mapToObj(i -> usage(new UserKey("shop", "user-" + i), 1 + i % 5))
                .toList();
        try (RateStore store = open()) {
            List<List<Duration>> answer = store.report(List.of(AN_HOUR), many);

            assertThat(answer).hasSize(250);
            for (int i = 0; i < 250; i++) {
                assertAbout(answer.get(i).getFirst(), Duration.ofMinutes(10L * (1 + i % 5)));
            }
        }
    }
}
