package chat.milena.ephemeral.rate;

import chat.milena.ephemeral.rate.RateStore.Told;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What users have spent here that the other gateways have not been told of. Safe for all threads; adding to it waits
/// for nothing.
///
/// **Overflow.** Beyond so many users, and while nothing is shared, others are not told, which is generous to those
/// users; it is counted.
final class Spending {
    private final int usersMax;
    private final LongSupplier nanoTime;
    private final Map<UserKey, Spent> spent = new ConcurrentHashMap<>();
    private final LongAdder untold = new LongAdder();
    private volatile boolean shared;

    /// @param sinceNanos when the first of them was spent
    private record Spent(int messages, long sinceNanos) {
        private @Nullable Spent and(int more) {
            // What was all given back need not be told.
            return messages + more == 0 ? null : new Spent(messages + more, sinceNanos);
        }
    }

    /// @param usersMax who wait to be told of
    /// @param nanoTime a time that never goes back
    Spending(int usersMax, LongSupplier nanoTime) {
        this.usersMax = usersMax;
        this.nanoTime = nanoTime;
    }

    /// Begins or ends to gather; either way from nothing.
    void share(boolean on) {
        shared = on;
        take(Integer.MAX_VALUE).forEach(this::lost);
    }

    /// A user has spent so many, or was given some back.
    void add(UserKey user, int messages) {
        if (!shared) {
            return;
        }
        if (spent.size() >= usersMax && !spent.containsKey(user)) {
            untold.add(Math.max(0, messages));
            return;
        }
        spent.compute(
                user,
                (same, before) -> before == null ? new Spent(messages, nanoTime.getAsLong()) : before.and(messages));
    }

    /// Takes what is to be told, of at most so many users.
    List<Told> take(int usersAtMost) {
        List<Told> taken = new ArrayList<>();
        Iterator<UserKey> users = spent.keySet().iterator();
        while (users.hasNext() && taken.size() < usersAtMost) {
            UserKey user = users.next();
            Spent of = spent.remove(user);
            if (of != null) {
                Duration age = Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - of.sinceNanos()));
                taken.add(new Told(user, of.messages(), age));
            }
        }
        return taken;
    }

    /// This was taken, and could not be told.
    void lost(Told told) {
        untold.add(Math.max(0, told.messages()));
    }

    /// What this user has spent since it was last taken.
    int of(UserKey user) {
        Spent now = spent.get(user);
        return now == null ? 0 : now.messages();
    }

    /// Messages that others were not told of, ever.
    long untold() {
        return untold.sum();
    }
}
