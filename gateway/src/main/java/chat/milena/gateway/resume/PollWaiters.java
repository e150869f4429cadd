package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.PlacedDelivery;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Who waits for the next delivery of a user, holding no thread. Safe for all threads; bounded by the connections that
/// are admitted, since each waits once.
final class PollWaiters {
    private final Map<UserKey, Set<Runnable>> waiting = new ConcurrentHashMap<>();

    /// Has this run, once and soon, when something comes for the user.
    void add(UserKey user, Runnable wake) {
        waiting.compute(user, (key, before) -> {
            Set<Runnable> waiters = before == null ? new HashSet<>() : before;
            waiters.add(wake);
            return waiters;
        });
    }

    /// No longer: it waits for nothing.
    void remove(UserKey user, Runnable wake) {
        waiting.computeIfPresent(user, (key, waiters) -> {
            waiters.remove(wake);
            return waiters.isEmpty() ? null : waiters;
        });
    }

    /// Wakes those whom a delivery concerns.
    void delivered(PlacedDelivery placed) {
        if (waiting.isEmpty()) {
            return;
        }
        Delivery delivery = placed.delivery();
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
