package chat.milena.ephemeral.rate;

import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.ephemeral.redis.StoreThread;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.observe.Readiness;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Shares between gateways what users have spent of their [CommandRates], through Redis, on a thread of its own: nobody
/// else ever waits for Redis.
///
/// ```
/// take ─▶ a bucket here decides at once ─▶ Spending ──every 50 ms──▶ rates.lua
///         the bucket here ◀── what others have spent is taken away ──┘
/// ```
/// **How exact it is.** A gateway learns what a user spent elsewhere when they have spent something here: within its
/// window, the 50 ms and what Redis then takes to answer. A user over k gateways so gets, over whatever time, at most
/// k - 1 bursts more than the limit; a burst is what one gateway allows at once and in four windows, so 10 messages and
/// two or three. That much is no gift but a debt: it is known in common, and taken from what follows. Who stays at one
/// gateway has there just what they would have without the others, while Redis hears of it within 50 ms.
///
/// **Redis away**, or slower than its timeout: each gateway's own count goes on alone, at once, and nothing is kept for
/// later. When Redis is back, what is spent from then on is shared. Only users who have spent something are told of,
/// and nobody who is exempt; without limits or a Redis there is no thread.
public final class SharedRates {
    private static final String NAME = "rates";
    private static final StoreThread.Told TOLD = new StoreThread.Told(
            NAME,
            "each gateway's own: Redis does not answer",
            "Rates are each gateway's own",
            "rates hold over all gateways again");

    /// How long what is spent is gathered.
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
        this.thread = new StoreThread<>(TOLD, new Sharing(), readiness);
        this.spending = rates.spending();
        this.exchange = new RateExchange(rates.users(), spending, nanoTime);
        this.readiness = readiness;
        this.nanoTime = nanoTime;
        Gauge.builder("milena.gateway.rates.shared", () -> there ? 1 : 0)
                .description("Whether users' rates hold over all gateways; otherwise each gateway has its own")
                .register(meters);
        FunctionCounter.builder("milena.gateway.rates.untold", spending, Spending::untold)
                .description("Messages that were not counted at other gateways, since Redis is away or slow")
                .register(meters);
    }

    /// Shares these rates.
    ///
    /// @param redis without one nothing is shared
    /// @param nanoTime the time that the rates go by
    public static SharedRates of(
            CommandRates rates, RedisConfig redis, Readiness readiness, MeterRegistry meters, LongSupplier nanoTime) {
        return over(opener(redis), rates, readiness, meters, nanoTime);
    }

    /// As above, with a store that is given.
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

    /// Begins to share.
    public void start() {
        if (opener != null) {
            thread.start();
        }
    }

    /// Whether what is spent here is told to the others.
    boolean isShared() {
        return there;
    }

    /// Tells what is still to be told, and ends.
    public void close() throws InterruptedException {
        thread.close();
    }

    private final class Sharing implements StoreThread.Work<RateStore> {
        @Override
        public RateStore open() {
            if (opener == null) {
                throw new StoreAwayException("no rates are to be shared");
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
                    // While nobody sends, too: so that what is told of its health is true.
                    store.check();
                    heard = nanoTime.getAsLong();
                }
            }
            exchange.run(store, Integer.MAX_VALUE);
        }

        /// What is spent meanwhile is not kept for later.
        @Override
        public void away() {
            there = false;
            spending.share(false);
        }
    }
}
