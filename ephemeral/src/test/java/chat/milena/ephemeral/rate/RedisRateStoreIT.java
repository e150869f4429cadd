package chat.milena.ephemeral.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.ephemeral.rate.RateStore.Usage;
import chat.milena.ephemeral.redis.RedisClients;
import chat.milena.ephemeral.redis.RedisServer;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.RedisClient;

/// What gateways know in common of rates, in a real Redis. The rates are so slow that no time of a test comes near.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisRateStoreIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Rate AN_HOUR = new Rate(6, Duration.ofHours(1), "an hour");
    private static final Rate A_DAY = new Rate(24, Duration.ofDays(1), "a day");
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @RegisterExtension
    final RedisServer redis = new RedisServer();

    private int users;
    private UserKey alice = new UserKey("default", "alice");

    @BeforeEach
    void somebodyNew() {
        alice = new UserKey("default", "alice-" + users++);
    }

    private static Usage usage(UserKey user, int messages) {
        return new Usage(user, messages, Duration.ZERO);
    }

    private RateStore open() {
        return RedisRateStore.open(redis.url(), TIMEOUT);
    }

    private static void assertAbout(Duration actual, Duration expected) {
        assertThat(actual).isBetween(expected.minus(A_MINUTE), expected);
    }

    @Test
    void gatewaysSpendOfOneAllowanceAndBeyondItIsADebt() {
        List<Rate> rates = List.of(AN_HOUR, A_DAY);
        try (RateStore one = open();
                RateStore other = open()) {
            List<Duration> first = one.report(rates, List.of(usage(alice, 2))).getFirst();
            assertAbout(first.get(0), Duration.ofMinutes(20));
            assertAbout(first.get(1), Duration.ofHours(2));

            List<Duration> second =
                    other.report(rates, List.of(usage(alice, 7))).getFirst();
            // Of what is reported together, no more than the six of a period count.
            assertAbout(second.get(0), Duration.ofMinutes(80));
            assertAbout(second.get(1), Duration.ofHours(9));
            assertAbout(one.report(rates, List.of(usage(alice, -3))).getFirst().get(0), Duration.ofMinutes(50));
        }
    }

    @Test
    void whatWasSpentAWhileAgoIsPaidBackFromThenOn() {
        try (RateStore store = open()) {
            Usage before = new Usage(alice, 3, Duration.ofMinutes(20));
            assertAbout(
                    store.report(List.of(AN_HOUR), List.of(before)).getFirst().getFirst(), Duration.ofMinutes(10));
        }
    }

    @Test
    void otherLimitsAreOtherAllowances() {
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
    void manyUsersAreToldOfInOneCallAndAnsweredInTheirOrder() {
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

    @Test
    void whatIsKnownIsForgottenWhenAllIsPaidBack() {
        try (RateStore store = open();
                RedisClient client = RedisClients.open(redis.url(), TIMEOUT, 1)) {
            store.report(List.of(AN_HOUR, A_DAY), List.of(usage(alice, 2)));
            assertThat(client.pttl(RedisRateStore.key(alice)))
                    .isBetween(
                            Duration.ofHours(2).minus(A_MINUTE).toMillis(),
                            Duration.ofHours(2).toMillis());

            store.report(List.of(AN_HOUR, A_DAY), List.of(usage(alice, -2)));
            assertThat(client.exists(RedisRateStore.key(alice))).isFalse();
        }
    }

    @Test
    void redisThatIsGoneIsToldAsThatAndItsReturnBeginsAfresh() throws Exception {
        try (RateStore store = open()) {
            store.report(List.of(AN_HOUR), List.of(usage(alice, 6)));
            redis.kill();
            try {
                assertThatThrownBy(() -> store.report(List.of(AN_HOUR), List.of(usage(alice, 1))))
                        .isInstanceOf(StoreAwayException.class);
                assertThatThrownBy(store::check).isInstanceOf(StoreAwayException.class);
                assertThatThrownBy(this::open).isInstanceOf(StoreAwayException.class);
            } finally {
                redis.start();
            }
        }
        try (RateStore again = open()) {
            assertAbout(
                    again.report(List.of(AN_HOUR), List.of(usage(alice, 1)))
                            .getFirst()
                            .getFirst(),
                    Duration.ofMinutes(10));
        }
    }

    /// As if the clock of Redis was set back since the last call.
    @Test
    void clockThatIsSetBackMakesNoDebt() {
        List<Rate> rates = List.of(AN_HOUR);
        try (RateStore store = open();
                RedisClient client = RedisClients.open(redis.url(), TIMEOUT, 1)) {
            store.report(rates, List.of(usage(alice, 1)));
            long at = Long.parseLong(client.hget("milena:rate-clock", "redis"));
            client.hset(
                    "milena:rate-clock",
                    "redis",
                    Long.toString(at + Duration.ofHours(5).toNanos() / 1_000));

            assertAbout(store.report(rates, List.of(usage(alice, 1))).getFirst().getFirst(), Duration.ofMinutes(20));
        }
    }
}
