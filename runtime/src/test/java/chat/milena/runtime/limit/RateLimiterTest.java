package chat.milena.runtime.limit;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.limit.RateLimiter.Refused;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final RateLimiter<String> allowances = allowances(1_000);

    private RateLimiter<String> allowances(int holdersMax) {
        return new RateLimiter<>(
                List.of(
                        new Rate(10, Duration.ofSeconds(1), "a second"),
                        new Rate(100, Duration.ofMinutes(1), "a minute")),
                holdersMax,
                nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static int taken(RateLimiter<String> allowances, String holder) {
        int taken = 0;
        while (allowances.take(holder) instanceof Allowed) {
            taken++;
        }
        return taken;
    }

    @Test
    void tenAreAllowedAtOnceAndTheEleventhIsNot() {
        assertThat(taken(allowances, "alice")).isEqualTo(10);

        assertThat(allowances.take("alice")).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.limit()).isEqualTo("10 a second");
            assertThat(refused.retryAfterSeconds()).isEqualTo(1);
        });
        assertThat(taken(allowances, "bob")).isEqualTo(10);
    }

    @Test
    void chargeOfNothingTakesNothing() {
        allowances.charge("alice", 0);
        allowances.charge("alice", 4);

        assertThat(taken(allowances, "alice")).isEqualTo(6);
    }

    @Test
    void whoWaitsAsToldIsAllowedAgain() {
        taken(allowances, "alice");

        pass(Duration.ofMillis(99));
        assertThat(taken(allowances, "alice")).isZero();
        pass(Duration.ofMillis(1));
        assertThat(taken(allowances, "alice")).isEqualTo(1);
    }

    @Test
    void minuteIsUsedUpByTenEachSecondAndIsSaidToBe() {
        int all = 0;
        for (int second = 0; second < 12; second++) {
            all += taken(allowances, "alice");
            pass(Duration.ofSeconds(1));
        }

        // A hundred, and what twelve seconds give back.
        assertThat(all).isBetween(100, 120);
        taken(allowances, "alice");
        assertThat(allowances.take("alice"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.limit()).isEqualTo("100 a minute"));
    }

    @Test
    void refusedOnesCostNothingAndGivenBackOnesCountAgain() {
        taken(allowances, "alice");
        for (int i = 0; i < 1_000; i++) {
            allowances.take("alice");
        }
        pass(Duration.ofSeconds(1));
        assertThat(taken(allowances, "alice")).isEqualTo(10);

        allowances.giveBack("alice");

        assertThat(taken(allowances, "alice")).isEqualTo(1);
    }

    @Test
    void retryIsToldInWholeSecondsRoundedUp() {
        assertThat(new Refused(Duration.ofMillis(1), "").retryAfterSeconds()).isEqualTo(1);
        assertThat(new Refused(Duration.ofSeconds(1), "").retryAfterSeconds()).isEqualTo(1);
        assertThat(new Refused(Duration.ofMillis(1_001), "").retryAfterSeconds())
                .isEqualTo(2);
    }

    @Test
    void rateOfZeroIsNoLimit() {
        RateLimiter<String> none =
                new RateLimiter<>(List.of(new Rate(0, Duration.ofSeconds(1), "a second")), 10, nanos::get);
        for (int i = 0; i < 10_000; i++) {
            assertThat(none.take("alice")).isInstanceOf(Allowed.class);
        }
        assertThat(none.size()).isZero();
    }

    private Duration after(RateLimiter<String> even) {
        return ((Allowed) even.take("acme")).after();
    }

    @Test
    void whatGoesBeyondAtOnceWaitsForItsTurn() {
        RateLimiter<String> even =
                new RateLimiter<>(List.of(new Rate(1_000, Duration.ofSeconds(1), "a second", 100)), 10, nanos::get);

        for (int i = 0; i < 100; i++) {
            assertThat(after(even)).isZero();
        }
        for (int i = 1; i <= 900; i++) {
            assertThat(after(even)).isEqualTo(Duration.ofMillis(i));
        }
        assertThat(even.take("acme")).isInstanceOf(Refused.class);
        pass(Duration.ofMillis(500));
        assertThat(after(even)).isEqualTo(Duration.ofMillis(401));
        pass(Duration.ofSeconds(1));
        assertThat(after(even)).isZero();
    }

    @Test
    void turnsComeInTheOrderInWhichTheyWereTaken() {
        RateLimiter<String> even =
                new RateLimiter<>(List.of(new Rate(1_000, Duration.ofSeconds(1), "a second", 100)), 10, nanos::get);
        long last = nanos.get();
        int turns = 0;
        for (int i = 0; i < 3_000; i++) {
            if (even.take("acme") instanceof Allowed(var after)) {
                turns += after.isZero() ? 0 : 1;
                long turn = nanos.get() + after.toNanos();
                // A bucket counts whole ones.
                assertThat(turn).isGreaterThan(last - Duration.ofMillis(1).toNanos());
                last = turn;
            }
            pass(Duration.ofNanos(300_000));
        }
        assertThat(turns).isGreaterThan(1_500);
    }

    @Test
    void bucketThatIsStillUsedOutlivesItsGeneration() {
        taken(allowances, "alice");
        for (int minute = 0; minute < 3; minute++) {
            // Leaves ever less than a whole second's worth, so a forgotten bucket would show.
            pass(Duration.ofSeconds(59).plusMillis(950));
            allowances.take("bob");
            pass(Duration.ofMillis(50));
            int taken = taken(allowances, "alice");
            assertThat(taken).isEqualTo(10);
            assertThat(taken(allowances, "alice")).isZero();
        }
    }

    @Test
    void idleHoldersAreForgotten() {
        for (int i = 0; i < 500; i++) {
            allowances.take("user" + i);
        }
        pass(Duration.ofMinutes(1));
        allowances.take("alice");
        pass(Duration.ofMinutes(1));
        allowances.take("alice");

        assertThat(allowances.size()).isLessThanOrEqualTo(2);
    }

    @Test
    void tooManyHoldersPushOutTheIdlestAndNobodyElse() {
        RateLimiter<String> small = allowances(10);
        taken(small, "alice");
        for (int i = 0; i < 1_000; i++) {
            small.take("user" + i);
            assertThat(small.size()).isLessThanOrEqualTo(20);
            assertThat(small.take("alice")).isInstanceOf(Refused.class);
        }
    }

    @Test
    void manyThreadsTakeNoMoreThanThereIs() throws InterruptedException {
        AtomicInteger taken = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                threads.execute(() -> taken.addAndGet(taken(allowances, "alice")));
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(taken).hasValue(10);
    }
}
