package chat.milena.ephemeral.rate;

import chat.milena.ephemeral.redis.SharedStore;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;

/// What gateways know in common of users' allowances: Redis, once connected. For one thread.
interface RateStore extends SharedStore {

    /// What one user spent at one gateway.
    ///
    /// @param messages below zero if more was given back
    /// @param age how long ago the first of them was spent
    record Told(UserKey user, int messages, Duration age) {}

    /// Opens connections to a store.
    @FunctionalInterface
    interface Opener {
        /// A store that answers.
        RateStore open();
    }

    /// Adds to what was spent.
    ///
    /// @return of each user, in their order, and of each rate, in theirs: how long until nothing of it is spent any
    ///     longer, over a period if more was spent than there was
    List<List<Duration>> tell(List<Rate> rates, List<Told> spent);

    /// Makes sure that the store still answers.
    void check();
}
