package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The polls that wait for the next delivery of their user, without a thread. Safe for all threads; bounded by the
/// admitted connections, since each waits once.
///
/// A stage of the feed, after [RecentDeliveries]: a poll that is woken finds the delivery there.
final class PollWaiters implements ShardFeed {
    private final Map<UserKey, Set<Runnable>> waiting = new ConcurrentHashMap<>();

    /// Runs this once, soon after the next delivery for the user.
    void add(UserKey user, Runnable wake) {
        waiting.compute(user, (key, before) -> {
            Set<Runnable> waiters = before == null ? new HashSet<>() : before;
            waiters.add(wake);
            return waiters;
        });
    }

    /// Cancels a wait.
    void remove(UserKey user, Runnable wake) {
        waiting.computeIfPresent(user, (key, waiters) -> {
            waiters.remove(wake);
            return waiters.isEmpty() ? null : waiters;
        });
    }

    /// Wakes the polls of its recipients.
    @Override
    public void accept(LoggedDelivery logged) {
        if (waiting.isEmpty()) {
            return;
        }
        Delivery delivery = logged.delivery();
        for (String userId : delivery.getRecipients()) {
            Set<Runnable> waiters = waiting.remove(new UserKey(delivery.getTenant(), userId));
            if (waiters != null) {
                waiters.forEach(Runnable::run);
            }
        }
    }

    /// Wakes all of them.
    void wakeAll() {
        for (UserKey user : List.copyOf(waiting.keySet())) {
            Set<Runnable> waiters = waiting.remove(user);
            if (waiters != null) {
                new ArrayList<>(waiters).forEach(Runnable::run);
            }
        }
    }
}
