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

/// Token buckets for each of many holders, one a rate. Safe for all threads; holders do not wait for each other.
///
/// A bucket that was idle for a whole period, and is full again, is evicted at no loss, but of a debt.
///
/// **Overflow.** With too many holders, those who are rarely seen are evicted before their buckets have filled up,
/// which is generous to them and harms nobody else.
///
/// @param <K> who holds an allowance
public final class RateLimiter<K> {
    private final List<Rate> rates;
    private final TimeMeter time;
    private final Cache<K, List<Bucket>> holders;

    /// So many in a period.
    ///
    /// @param what is counted, as people are told of it
    /// @param atOnce how many of them may be done in one moment; what goes beyond is told to wait for its turn
    public record Rate(int tokens, Duration period, String what, int atOnce) {

        /// All of it at once, where nothing was spent before.
        public Rate(int tokens, Duration period, String what) {
            this(tokens, period, what, tokens);
        }

        /// How long to wait until no more than may go at once are ahead.
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

    /// Whether something may be done.
    public sealed interface Answer {}

    /// It may, and has been counted.
    ///
    /// @param after how long to wait with it
    public record Allowed(Duration after) implements Answer {
        public static final Allowed AT_ONCE = new Allowed(Duration.ZERO);
    }

    /// It may not, and nothing was counted.
    ///
    /// @param retryAfter when there will be room again
    /// @param limit the rate that is used up, for people
    public record Refused(Duration retryAfter, String limit) implements Answer {
        private static final Duration ALMOST_A_SECOND = Duration.ofNanos(999_999_999);

        /// In whole seconds, rounded up, so that who waits them out is not refused again.
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

    /// @param rates those that hold together, a rate of 0 being none; without any, everything is allowed
    /// @param holdersMax whose buckets are kept
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

    /// Takes one from this holder's allowance.
    public Answer take(K holder) {
        return take(holder, 1);
    }

    /// Takes so many from this holder's allowance, all or none; never more than a period's worth, which could not be
    /// had.
    public Answer take(K holder, int tokens) {
        if (rates.isEmpty()) {
            return Allowed.AT_ONCE;
        }
        List<Bucket> buckets = buckets(holder);
        Duration after = Duration.ZERO;
        // From the last, so that of several that are used up the longest is told.
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

    /// Gives one back: what it was taken for was not done.
    public void giveBack(K holder) {
        giveBack(holder, 1);
    }

    /// Gives so many back that were taken together.
    public void giveBack(K holder, int tokens) {
        if (rates.isEmpty()) {
            return;
        }
        List<Bucket> buckets = buckets(holder);
        for (int i = 0; i < buckets.size(); i++) {
            buckets.get(i).addTokens(cost(i, tokens));
        }
    }

    /// Takes so many from this holder's allowance that were spent already, however many there are: what is lacking is a
    /// debt, which is paid before anything is allowed again.
    ///
    /// @param tokens at least 0
    public void charge(K holder, int tokens) {
        if (tokens > 0 && !rates.isEmpty()) {
            buckets(holder).forEach(bucket -> bucket.consumeIgnoringRateLimits(tokens));
        }
    }

    /// Takes from this holder's allowance what was spent of it elsewhere; nothing is ever added.
    ///
    /// @param untilFull of each rate, how long until nothing of it is spent any longer, here and elsewhere
    /// @param untold spent here in addition to that
    public void lower(K holder, List<Duration> untilFull, int untold) {
        List<Bucket> buckets = buckets(holder);
        for (int i = 0; i < buckets.size(); i++) {
            Bucket bucket = buckets.get(i);
            long elsewhere = SharingPolicy.spentElsewhere(
                    rates.get(i), bucket.getAvailableTokens(), untilFull.get(i), cost(i, untold));
            if (elsewhere > 0) {
                bucket.consumeIgnoringRateLimits(elsewhere);
            }
        }
    }

    /// The rates that hold together; none if everything is allowed.
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
