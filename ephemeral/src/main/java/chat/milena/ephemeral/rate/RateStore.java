package chat.milena.ephemeral.rate;

import chat.milena.ephemeral.redis.SharedStore;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;

/// The use of allowances that all gateways share: Redis, once connected. For one thread.
interface RateStore extends SharedStore {

    /// What one user spent at one gateway.
    ///
    /// @param messages below zero if more was returned than spent
    /// @param age how long ago the first of them was spent
    record Usage(UserKey user, int messages, Duration age) {}

    /// Opens connections to a store.
    @FunctionalInterface
    interface Opener {
        /// A store that answers.
        RateStore open();
    }

    /// Adds to what was spent.
    ///
    /// @return for each user and each rate, in order: the time until the allowance is full again; more than a
    /// period if more was spent than there was
    List<List<Duration>> report(List<Rate> rates, List<Usage> spent);

    /// Checks that the store still answers.
    void check();
}
