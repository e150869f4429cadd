package chat.milena.ephemeral.rate;

import chat.milena.ephemeral.rate.RateStore.Usage;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// The exchange of one gateway with the others: it reports what its users have spent, and lowers their local
/// allowances by what they spent elsewhere. For one thread.
final class RateExchange {
    private final RateLimiter<UserKey> users;
    private final Spending spending;
    private final LongSupplier nanoTime;

    /// @param nanoTime a time that never goes back
    RateExchange(RateLimiter<UserKey> users, Spending spending, LongSupplier nanoTime) {
        this.users = users;
        this.spending = spending;
        this.nanoTime = nanoTime;
    }

    /// Exchanges the use of at most this many users, of those who have spent something since the last time.
    ///
    /// @return how many they were
    int run(RateStore store, int usersAtMost) {
        List<Usage> spent = spending.take(usersAtMost);
        if (spent.isEmpty()) {
            return 0;
        }
        long asked = nanoTime.getAsLong();
        List<List<Duration>> untilFull;
        try {
            untilFull = store.report(users.rates(), spent);
        } catch (StoreAwayException e) {
            spent.forEach(spending::lost);
            throw e;
        }
        // The answer is at most this old, so its travel time costs no user an allowance.
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - asked);
        for (int i = 0; i < spent.size(); i++) {
            UserKey user = spent.get(i).user();
            List<Duration> now =
                    untilFull.get(i).stream().map(until -> until.minus(age)).toList();
            users.lower(user, now, spending.of(user));
        }
        return spent.size();
    }
}
