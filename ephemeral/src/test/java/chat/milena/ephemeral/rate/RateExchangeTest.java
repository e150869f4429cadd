package chat.milena.ephemeral.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.ephemeral.rate.RateConfig.Messages;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What a user has at several gateways together, on a clock that stands still until it is moved.
class RateExchangeTest {
    private static final int A_SECOND = 10;
    private static final int A_MINUTE = 100;
    private static final RateConfig CONFIG = RateConfig.UNLIMITED.with(new Messages(A_SECOND, A_MINUTE, 0));
    private static final Caller ALICE = caller("alice");

    private final AtomicLong nanos = new AtomicLong(TimeUnit.HOURS.toNanos(1));
    private final FakeRateStore store = new FakeRateStore(nanos::get);
    private final Gateway here = new Gateway();
    private final Gateway there = new Gateway();

    private final class Gateway {
        private final CommandRates rates;
        private final RateExchange exchange;
        private long heard = nanos.get();

        private Gateway() {
            this(CONFIG);
        }

        private Gateway(RateConfig config) {
            rates = new CommandRates(config, nanos::get);
            rates.spending().share(true);
            exchange = new RateExchange(rates.users(), rates.spending(), nanos::get);
        }

        private boolean takes(Caller caller) {
            return rates.take(caller, Commands.message()) instanceof Allowed;
        }

        private int takesAll(Caller caller) {
            int taken = 0;
            while (taken < 1_000 && takes(caller)) {
                taken++;
            }
            return taken;
        }

        private int exchanges() {
            heard = nanos.get();
            return exchange.run(store, 1_000);
        }

        /// With an answer that takes so long, there and back.
        private void exchanges(Duration there, Duration back) {
            heard = nanos.get();
            exchange.run(slow(there, back), 1_000);
        }
    }

    private RateStore slow(Duration onItsWay, Duration back) {
        return new RateStore() {
            @Override
            public List<List<Duration>> report(List<Rate> rates, List<Usage> spent) {
                pass(onItsWay);
                List<List<Duration>> answer = store.report(rates, spent);
                pass(back);
                return answer;
            }

            @Override
            public void check() {}

            @Override
            public void close() {}
        };
    }

    private static Caller caller(String userId) {
        return new Caller(new UserKey("default", userId), false);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void whatIsSpentAtOneGatewayIsMissingAtTheOtherOnceItHasHeard() {
        for (int i = 0; i < 6; i++) {
            assertThat(here.takes(ALICE)).isTrue();
        }
        assertThat(here.exchanges()).isEqualTo(1);
        assertThat(there.takes(ALICE)).isTrue();
        assertThat(there.exchanges()).isEqualTo(1);

        assertThat(there.takesAll(ALICE)).isEqualTo(3);
        assertThat(there.takesAll(caller("bob"))).isEqualTo(A_SECOND);
    }

    @Test
    void whatWasTooMuchIsADebtAndPaidBack() {
        assertThat(here.takesAll(ALICE)).isEqualTo(A_SECOND);
        assertThat(there.takesAll(ALICE)).isEqualTo(A_SECOND);
        here.exchanges();
        there.exchanges();

        pass(Duration.ofSeconds(1));
        assertThat(there.takesAll(ALICE)).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(there.takesAll(ALICE)).isEqualTo(A_SECOND);
    }

    @Test
    void eachRateIsHeldOverGatewaysByItself() {
        for (int i = 0; i < 8; i++) {
            here.takesAll(ALICE);
            here.exchanges();
            pass(Duration.ofSeconds(1));
        }
        // The second's is whole again, the minute's has lost 80 of 100 and gets back 24 in all.
        assertThat(there.takes(ALICE)).isTrue();
        there.exchanges();
        int taken = 1;
        for (int i = 0; i < 12; i++) {
            taken += there.takesAll(ALICE);
            pass(Duration.ofMillis(600));
        }
        assertThat(taken).isBetween(40, 46);
    }

    @Test
    void onlyWhoSpentSomethingIsToldOfAndWhatWasGivenBackIsNot() {
        here.takes(ALICE);
        here.takes(caller("bob"));
        here.rates.giveBack(caller("bob"), Commands.message());
        here.takesAll(new Caller(new UserKey("default", "importer"), true));

        assertThat(here.exchanges()).isEqualTo(1);
        assertThat(here.exchanges()).isZero();
        assertThat(store.calls).hasValue(1);
        assertThat(store.messages).hasValue(1);
    }

    @Test
    void whatIsGivenBackLaterIsGivenBackInCommon() {
        here.takesAll(ALICE);
        here.exchanges();
        here.rates.giveBack(ALICE, Commands.message());
        here.exchanges();

        there.takes(ALICE);
        there.exchanges();
        assertThat(there.takesAll(ALICE)).isZero();
        assertThat(store.messages).hasValue(A_SECOND);
    }

    @Test
    void tooManyUsersAtOnceAreToldOfInTheirTurnAndBeyondTheBoundNot() {
        Spending spending = new Spending(3, nanos::get);
        spending.share(true);
        for (int i = 0; i < 5; i++) {
            spending.add(new UserKey("default", "user-" + i), 2);
        }

        assertThat(spending.unreported()).isEqualTo(4);
        assertThat(spending.take(2)).hasSize(2);
        assertThat(spending.take(2)).hasSize(1);
        assertThat(spending.take(2)).isEmpty();
    }

    @Test
    void whileTheStoreIsAwayEachGatewayHasItsOwnAndNothingIsKeptForLater() {
        here.takesAll(ALICE);
        store.away = true;
        assertThatThrownBy(here::exchanges).isInstanceOf(StoreAwayException.class);
        here.rates.spending().share(false);
        pass(Duration.ofSeconds(1));
        assertThat(here.takesAll(ALICE)).isEqualTo(A_SECOND);
        store.away = false;
        here.rates.spending().share(true);

        assertThat(here.exchanges()).isZero();
        assertThat(here.rates.spending().unreported()).isEqualTo(A_SECOND);
        assertThat(there.takesAll(ALICE)).isEqualTo(A_SECOND);
        assertThat(there.exchanges()).isEqualTo(1);
        pass(Duration.ofSeconds(1));
        assertThat(there.takesAll(ALICE)).isEqualTo(A_SECOND);
    }

    @Test
    void whoStaysAtOneGatewayNoticesNothingOfTheExchange() {
        for (long seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            Caller user = caller("user-" + seed);
            CommandRates alone = new CommandRates(CONFIG, nanos::get);
            for (int step = 0; step < 600; step++) {
                pass(Duration.ofNanos(random.nextLong(random.nextInt(10) == 0 ? 2_000_000_000L : 120_000_000L)));
                if (nanos.get() - here.heard >= SharedRates.EVERY.toNanos()) {
                    here.exchanges(millis(random), millis(random));
                }
                for (int i = random.nextInt(random.nextInt(5) == 0 ? 30 : 3); i > 0; i--) {
                    assertThat(here.takes(user))
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(alone.take(user, Commands.message()) instanceof Allowed);
                }
            }
        }
    }

    private static Duration millis(Random random) {
        return Duration.ofMillis(random.nextInt(20));
    }

    /// A bucket that is deeper than the limit by what is stated, and never runs dry over whatever time.
    private static final class Observer {
        private final Rate limit;
        private final double capacity;
        private double left;
        private long seen;

        private Observer(Rate limit, double tolerance, long now) {
            this.limit = limit;
            this.capacity = limit.tokens() + tolerance;
            this.left = capacity;
            this.seen = now;
        }

        private boolean sees(long now) {
            double more =
                    (double) (now - seen) * limit.tokens() / limit.period().toNanos();
            left = Math.min(capacity, left + more) - 1;
            seen = now;
            return left >= 0;
        }
    }

    @Test
    void gatewaysTogetherLetThroughWhatIsStatedAndNoMore() {
        Duration answer = Duration.ofMillis(20);
        for (int gateways = 2; gateways <= 4; gateways++) {
            for (long seed = 1; seed <= 60; seed++) {
                letThroughWhatIsStated(gateways, seed, answer);
            }
        }
    }

    private void letThroughWhatIsStated(int gateways, long seed, Duration answer) {
        Random random = new Random(seed);
        Caller user = caller("user-" + gateways + "-" + seed);
        List<Gateway> all = new ArrayList<>();
        for (int i = 0; i < gateways; i++) {
            all.add(new Gateway());
        }
        double window =
                SharedRates.EVERY.plus(answer.multipliedBy(gateways + 1)).toNanos() / 1e9;
        double burst = A_SECOND + 4 * A_SECOND * window;
        List<Observer> observers = List.of(
                new Observer(new Rate(A_SECOND, Duration.ofSeconds(1), ""), (gateways - 1) * burst, nanos.get()),
                new Observer(new Rate(A_MINUTE, Duration.ofMinutes(1), ""), (gateways - 1) * burst, nanos.get()));
        int through = 0;
        for (int step = 0; step < 1_500; step++) {
            passExchanging(all, Duration.ofMillis(random.nextInt(random.nextInt(8) == 0 ? 3_000 : 60)), answer);
            for (int tries = random.nextInt(4); tries > 0; tries--) {
                Gateway at = all.get(random.nextInt(gateways));
                for (int i = random.nextInt(random.nextBoolean() ? 3 : 30); i > 0 && at.takes(user); i--) {
                    through++;
                    for (Observer observer : observers) {
                        assertThat(observer.sees(nanos.get()))
                                .as("%d gateways, seed %d, step %d, %s", gateways, seed, step, observer.limit)
                                .isTrue();
                    }
                }
            }
        }
        assertThat(through).isGreaterThan(2 * A_MINUTE);
    }

    /// Each gateway exchanges when its window is over, one after the other.
    private void passExchanging(List<Gateway> gateways, Duration time, Duration answer) {
        long end = nanos.get() + time.toNanos();
        while (nanos.get() < end) {
            pass(Duration.ofMillis(5));
            for (Gateway gateway : gateways) {
                if (nanos.get() - gateway.heard >= SharedRates.EVERY.toNanos()) {
                    gateway.exchanges(answer.dividedBy(2), answer.dividedBy(2));
                }
            }
        }
    }
}
