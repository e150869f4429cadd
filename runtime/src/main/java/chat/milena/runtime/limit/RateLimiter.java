package chat.milena.runtime.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/// Token buckets for many holders, one bucket a rate. Safe for all threads; holders do not wait for each other.
///
/// A bucket that was idle for a whole period is full again and is evicted at no loss, except for a debt.
///
/// **Overflow.** With too many holders, rarely seen ones are evicted before their buckets are full. That is
/// generous to them and harms nobody else.
///
/// @param <K> the holder of an allowance
public final class RateLimiter<K> {
    private final List<Rate> rates;
    private final TimeMeter time;
    private final Cache<K, List<Bucket>> holders;

    /// A number of tokens in a period.
    ///
    /// @param what is counted, in words for people
    /// @param atOnce how many may be spent in one moment; further ones must wait for their turn
    public record Rate(int tokens, Duration period, String what, int atOnce) {

        /// All tokens may be spent in one moment, if none was spent before.
        public Rate(int tokens, Duration period, String what) {
            this(tokens, period, what, tokens);
        }

        /// How long to wait until at most `atOnce` are ahead.
        private Duration after(long left) {
            long ahead = tokens - left - atOnce;
            return ahead <= 0 ? Duration.ZERO : Duration.ofNanos(period.toNanos() / tokens * ahead);
        }

        private Bandwidth bandwidth() {
            return Bandwidth.builder()
                    .capacity(tokens)
                    .refillGreedy(tokens, period)
                    .build();
        }

        private String described() {
            return tokens + " " + what;
        }
    }

    /// Whether an action is allowed.
    public sealed interface Answer {}

    /// Allowed and counted.
    ///
    /// @param after how long to wait before the action
    public record Allowed(Duration after) implements Answer {
        public static final Allowed AT_ONCE = new Allowed(Duration.ZERO);
    }

    /// Not allowed, and not counted.
    ///
    /// @param retryAfter when there will be room again
    /// @param limit the rate that is used up, in words for people
    public record Refused(Duration retryAfter, String limit) implements Answer {
        private static final Duration ALMOST_A_SECOND = Duration.ofNanos(999_999_999);

        /// In whole seconds, rounded up, so that a client that waits as long is not rejected again.
        public long retryAfterSeconds() {
            return Math.max(1, retryAfter.plus(ALMOST_A_SECOND).toSeconds());
        }
    }

    private record Monotonic(LongSupplier nanoTime) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    /// @param rates the rates that apply together; a rate of 0 does not apply, and without rates everything is
    /// allowed
    /// @param holdersMax how many holders have buckets
    /// @param nanoTime a time that never goes back
    public RateLimiter(List<Rate> rates, int holdersMax, LongSupplier nanoTime) {
        this.rates = rates.stream().filter(rate -> rate.tokens() > 0).toList();
        this.time = new Monotonic(nanoTime);
        this.holders = Caffeine.newBuilder()
                .maximumSize(holdersMax)
                .expireAfterAccess(this.rates.stream()
                        .map(Rate::period)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /// Takes one token from the allowance of this holder.
    public Answer take(K holder) {
        return take(holder, 1);
    }

    /// Takes this many tokens from the allowance of this holder, all or none. At most one period's worth is taken,
    /// since there is never more.
    public Answer take(K holder, int tokens) {
        if (rates.isEmpty()) {
            return Allowed.AT_ONCE;
        }
        List<Bucket> buckets = buckets(holder);
        Duration after = Duration.ZERO;
        // Starts at the last rate, so that if several are used up the longest is reported.
        for (int i = buckets.size() - 1; i >= 0; i--) {
            ConsumptionProbe taking = buckets.get(i).tryConsumeAndReturnRemaining(cost(i, tokens));
            if (!taking.isConsumed()) {
                for (int taken = i + 1; taken < buckets.size(); taken++) {
                    buckets.get(taken).addTokens(cost(taken, tokens));
                }
                return new Refused(untilAll(buckets, tokens), rates.get(i).described());
            }
            Duration turn = rates.get(i).after(taking.getRemainingTokens());
            after = turn.compareTo(after) > 0 ? turn : after;
        }
        return after.isZero() ? Allowed.AT_ONCE : new Allowed(after);
    }

    private int cost(int rate, int tokens) {
        return Math.min(tokens, rates.get(rate).tokens());
    }

    private Duration untilAll(List<Bucket> buckets, int tokens) {
        return Duration.ofNanos(IntStream.range(0, buckets.size())
                .mapToLong(i ->
                        buckets.get(i).estimateAbilityToConsume(cost(i, tokens)).getNanosToWaitForRefill())
                .max()
                .orElse(0));
    }

    /// Returns one token: the action was not done.
    public void giveBack(K holder) {
        giveBack(holder, 1);
    }

    /// Returns tokens that were taken together.
    public void giveBack(K holder, int tokens) {
        if (rates.isEmpty()) {
            return;
        }
        List<Bucket> buckets = buckets(holder);
        for (int i = 0; i < buckets.size(); i++) {
            buckets.get(i).addTokens(cost(i, tokens));
        }
    }

    /// Takes tokens that were spent already, however many are left. A shortfall is a debt: it is paid before
    /// anything is allowed again.
    ///
    /// @param tokens at least 0
    public void charge(K holder, int tokens) {
        if (tokens > 0 && !rates.isEmpty()) {
            buckets(holder).forEach(bucket -> bucket.consumeIgnoringRateLimits(tokens));
        }
    }

    /// Takes tokens that were spent elsewhere. Never adds any.
    ///
    /// @param untilFull for each rate, the time until it is full again, counting all gateways
    /// @param unreported tokens spent here in addition to that
    public void lower(K holder, List<Duration> untilFull, int unreported) {
        List<Bucket> buckets = buckets(holder);
        for (int i = 0; i < buckets.size(); i++) {
            Bucket bucket = buckets.get(i);
            long elsewhere = SharingPolicy.spentElsewhere(
                    rates.get(i), bucket.getAvailableTokens(), untilFull.get(i), cost(i, unreported));
            if (elsewhere > 0) {
                bucket.consumeIgnoringRateLimits(elsewhere);
            }
        }
    }

    /// The rates that apply together; none if everything is allowed.
    public List<Rate> rates() {
        return rates;
    }

    /// How many holders have buckets here.
    public long size() {
        holders.cleanUp();
        return holders.estimatedSize();
    }

    private List<Bucket> buckets(K holder) {
        return holders.get(holder, absent -> full());
    }

    private List<Bucket> full() {
        return rates.stream()
                .map(rate -> (Bucket) Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(rate.bandwidth())
                        .build())
                .toList();
    }
}
