package chat.milena.ephemeral.rate;

import chat.milena.ephemeral.rate.RateStore.Usage;
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

/// What users have spent here and the other gateways do not know yet. Safe for all threads; adding never waits.
///
/// **Overflow.** Beyond the maximum of users, and while nothing is shared, use is not reported. That is generous
/// to those users, and it is counted.
final class Spending {
    private final int usersMax;
    private final LongSupplier nanoTime;
    private final Map<UserKey, Spent> spent = new ConcurrentHashMap<>();
    private final LongAdder unreported = new LongAdder();
    private volatile boolean shared;

    /// @param sinceNanos when the first of them was spent
    private record Spent(int messages, long sinceNanos) {
        private @Nullable Spent and(int more) {
            // If everything was returned, there is nothing to report.
            return messages + more == 0 ? null : new Spent(messages + more, sinceNanos);
        }
    }

    /// @param usersMax users with use to report
    /// @param nanoTime a time that never goes back
    Spending(int usersMax, LongSupplier nanoTime) {
        this.usersMax = usersMax;
        this.nanoTime = nanoTime;
    }

    /// Starts or stops collecting, from zero in both cases.
    void share(boolean on) {
        shared = on;
        take(Integer.MAX_VALUE).forEach(this::lost);
    }

    /// A user has spent messages, or had some returned.
    void add(UserKey user, int messages) {
        if (!shared) {
            return;
        }
        if (spent.size() >= usersMax && !spent.containsKey(user)) {
            unreported.add(Math.max(0, messages));
            return;
        }
        spent.compute(
                user,
                (same, before) -> before == null ? new Spent(messages, nanoTime.getAsLong()) : before.and(messages));
    }

    /// Takes the use to report, of at most this many users.
    List<Usage> take(int usersAtMost) {
        List<Usage> taken = new ArrayList<>();
        Iterator<UserKey> users = spent.keySet().iterator();
        while (users.hasNext() && taken.size() < usersAtMost) {
            UserKey user = users.next();
            Spent of = spent.remove(user);
            if (of != null) {
                Duration age = Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - of.sinceNanos()));
                taken.add(new Usage(user, of.messages(), age));
            }
        }
        return taken;
    }

    /// This use was taken and could not be reported.
    void lost(Usage usage) {
        unreported.add(Math.max(0, usage.messages()));
    }

    /// What this user has spent since the last report.
    int of(UserKey user) {
        Spent now = spent.get(user);
        return now == null ? 0 : now.messages();
    }

    /// All messages that were never reported.
    long unreported() {
        return unreported.sum();
    }
}
