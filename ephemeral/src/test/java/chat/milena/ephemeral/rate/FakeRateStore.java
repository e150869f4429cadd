package chat.milena.ephemeral.rate;

import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// What `rates.lua` does, in memory, for several gateways at once; it can be away.
final class FakeRateStore implements RateStore {
    private record Allowance(UserKey user, Rate rate) {}

    private final LongSupplier nanoTime;
    private final Map<Allowance, Long> fullAt = new ConcurrentHashMap<>();
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger messages = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    volatile boolean away;

    FakeRateStore(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    RateStore open() {
        check();
        opened.incrementAndGet();
        return this;
    }

    @Override
    public List<List<Duration>> report(List<Rate> rates, List<Usage> spent) {
        check();
        long now = nanoTime.getAsLong();
        List<List<Duration>> answer = new ArrayList<>();
        for (Usage usage : spent) {
            messages.addAndGet(usage.messages());
            answer.add(rates.stream().map(rate -> untilFull(rate, usage, now)).toList());
        }
        return answer;
    }

    private Duration untilFull(Rate rate, Usage usage, long now) {
        long apart = rate.period().toNanos() / rate.tokens();
        long since = now - usage.age().toNanos();
        long spent = Math.min(usage.messages(), rate.tokens() + usage.age().toNanos() / apart);
        long full = fullAt.merge(
                new Allowance(usage.user(), rate),
                since + spent * apart,
                (before, fresh) -> Math.max(before, since) + spent * apart);
        return Duration.ofNanos(Math.max(0, full - now));
    }

    @Override
    public void check() {
        calls.incrementAndGet();
        if (away) {
            throw new StoreAwayException("expected by this test");
        }
    }

    @Override
    public void close() {}
}
