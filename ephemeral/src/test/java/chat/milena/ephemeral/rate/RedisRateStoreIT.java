package chat.milena.ephemeral.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.ephemeral.rate.RateStore.Usage;
import chat.milena.ephemeral.redis.RedisClients;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.schemas.key.UserKey;
import chat.milena.testsupport.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.RedisClient;

/// The shared rates in a real Redis.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisRateStoreIT extends RateStoreContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @RegisterExtension
    final RedisServer redis = new RedisServer();

    @Override
    RateStore open() {
        return RedisRateStore.open(redis.url(), TIMEOUT);
    }

    @Test
    void allowanceThatIsFullAgainIsForgotten() {
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
    void missingRedisIsReportedAndItsReturnBeginsEmpty() throws Exception {
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
