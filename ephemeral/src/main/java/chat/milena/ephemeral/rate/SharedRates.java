package chat.milena.ephemeral.rate;

import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.ephemeral.redis.StoreThread;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.lifecycle.Readiness;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Shares the use of [CommandRates] between gateways through Redis, on a thread of its own: no other thread ever
/// waits for Redis.
///
/// ```
/// take ─▶ a local bucket decides immediately ─▶ Spending ──every 50 ms──▶ rates.lua
///         the local bucket ◀── what others have spent is subtracted ──┘
/// ```
/// **How exact it is.** A gateway learns what a user spent elsewhere after the user has spent something here:
/// within the 50 ms window and the reply time of Redis. A user on k gateways thus gets, over any time, at most k -
/// 1 bursts more than the limit. A burst is what one gateway allows in one moment and in four windows: 10 messages
/// and two or three. The excess is a debt: it is subtracted from what follows. A user on one gateway has the same
/// allowance as without sharing, while reports reach Redis within 50 ms.
///
/// **Redis away**, or slower than its timeout: the local buckets of each gateway continue alone, without delay,
/// and nothing is kept for later. When Redis is back, what is spent from then on is shared. Only users who have
/// spent something are reported, except exempt ones. Without limits or a Redis there is no thread.
public final class SharedRates {
    private static final String NAME = "rates";
    private static final StoreThread.Notices NOTICES = new StoreThread.Notices(
            NAME,
            "each gateway counts alone: Redis does not answer",
            "Each gateway counts rates alone",
            "gateways share rates again");

    /// How long use is collected before a report.
    static final Duration EVERY = Duration.ofMillis(50);

    private static final int USERS_A_ROUND = 2_000;
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final RateStore.@Nullable Opener opener;
    private final Spending spending;
    private final RateExchange exchange;
    private final Readiness readiness;
    private final LongSupplier nanoTime;
    private final StoreThread<RateStore> thread;
    private volatile boolean there;

    private SharedRates(
            RateStore.@Nullable Opener opener,
            CommandRates rates,
            Readiness readiness,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        this.opener = rates.users().rates().isEmpty() ? null : opener;
        this.thread = new StoreThread<>(NOTICES, new Sharing(), readiness);
        this.spending = rates.spending();
        this.exchange = new RateExchange(rates.users(), spending, nanoTime);
        this.readiness = readiness;
        this.nanoTime = nanoTime;
        Gauge.builder("milena.gateway.rates.shared", () -> there ? 1 : 0)
                .description("Whether gateways share the rates of users; otherwise each gateway counts alone")
                .register(meters);
        FunctionCounter.builder("milena.gateway.rates.untold", spending, Spending::unreported)
                .description("Messages that were not counted at other gateways because Redis was away or slow")
                .register(meters);
    }

    /// Shares these rates.
    ///
    /// @param redis without a URL nothing is shared
    /// @param nanoTime the time source of the rates
    public static SharedRates of(
            CommandRates rates, RedisConfig redis, Readiness readiness, MeterRegistry meters, LongSupplier nanoTime) {
        return over(opener(redis), rates, readiness, meters, nanoTime);
    }

    /// As above, with this store.
    static SharedRates over(
            RateStore.@Nullable Opener opener,
            CommandRates rates,
            Readiness readiness,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        return new SharedRates(opener, rates, readiness, meters, nanoTime);
    }

    private static RateStore.@Nullable Opener opener(RedisConfig redis) {
        Secret secret = redis.url();
        if (secret == null) {
            return null;
        }
        URI url = URI.create(secret.value());
        return () -> RedisRateStore.open(url, redis.timeout());
    }

    /// Starts sharing.
    public void start() {
        if (opener != null) {
            thread.start();
        }
    }

    /// Whether use here is reported to the other gateways.
    boolean isShared() {
        return there;
    }

    /// Reports the pending use and stops.
    public void close() throws InterruptedException {
        thread.close();
    }

    private final class Sharing implements StoreThread.Work<RateStore> {
        @Override
        public RateStore open() {
            if (opener == null) {
                throw new StoreAwayException("there are no rates to share");
            }
            return opener.open();
        }

        @Override
        public void serve(RateStore store) throws InterruptedException {
            spending.share(true);
            there = true;
            readiness.set(NAME, true, "");
            long heard = nanoTime.getAsLong();
            while (!thread.closesWithin(EVERY)) {
                if (exchange.run(store, USERS_A_ROUND) > 0) {
                    heard = nanoTime.getAsLong();
                } else if (nanoTime.getAsLong() - heard >= BEAT.toNanos()) {
                    // Also while nobody sends, so that the reported health is true.
                    store.check();
                    heard = nanoTime.getAsLong();
                }
            }
            exchange.run(store, Integer.MAX_VALUE);
        }

        /// Use during this time is not kept for later.
        @Override
        public void away() {
            there = false;
            spending.share(false);
        }
    }
}
