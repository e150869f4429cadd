package chat.milena.gateway.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The shards to read, with the number of leases of each, and since when those without a lease are idle. Safe for
/// all threads; bounded by the number of shards.
final class LeasedShards {
    private final long lingerMillis;
    private final Map<Integer, Shard> shards = new TreeMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition acquired = lock.newCondition();
    private @Nullable Throwable failure;

    private static final class Shard {
        private final CompletableFuture<Void> ready = new CompletableFuture<>();
        private int leases;
        private long idleSinceMillis;
    }

    LeasedShards(Duration linger) {
        this.lingerMillis = linger.toMillis();
    }

    /// Counts a lease.
    ///
    /// @return completes when reading the shard has started
    CompletableFuture<Void> acquire(int number) {
        lock.lock();
        try {
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            Shard shard = shards.computeIfAbsent(number, absent -> new Shard());
            shard.leases++;
            acquired.signalAll();
            return shard.ready;
        } finally {
            lock.unlock();
        }
    }

    /// Returns a lease.
    void release(int number, long nowMillis) {
        lock.lock();
        try {
            Shard shard = shards.get(number);
            if (shard != null && shard.leases > 0) {
                shard.leases--;
                shard.idleSinceMillis = nowMillis;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Drops shards that have been idle for long enough.
    void dropIdle(long nowMillis) {
        lock.lock();
        try {
            shards.values().removeIf(shard -> shard.leases == 0 && nowMillis - shard.idleSinceMillis >= lingerMillis);
        } finally {
            lock.unlock();
        }
    }

    /// The shards to read.
    List<Integer> shards() {
        lock.lock();
        try {
            return List.copyOf(shards.keySet());
        } finally {
            lock.unlock();
        }
    }

    /// Those of these shards whose reading has not started.
    List<Integer> fresh(List<Integer> among) {
        lock.lock();
        try {
            List<Integer> fresh = new ArrayList<>();
            for (int number : among) {
                Shard shard = shards.get(number);
                if (shard != null && !shard.ready.isDone()) {
                    fresh.add(number);
                }
            }
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    /// Reading these shards has started.
    void begun(List<Integer> numbers) {
        List<CompletableFuture<Void>> ready = new ArrayList<>();
        lock.lock();
        try {
            for (int number : numbers) {
                Shard shard = shards.get(number);
                if (shard != null) {
                    ready.add(shard.ready);
                }
            }
        } finally {
            lock.unlock();
        }
        ready.forEach(future -> future.complete(null));
    }

    /// Nothing is read any longer: fails all waiting leases, and all later ones.
    void failAll(Throwable cause) {
        List<Shard> all;
        lock.lock();
        try {
            failure = cause;
            all = List.copyOf(shards.values());
            acquired.signalAll();
        } finally {
            lock.unlock();
        }
        all.forEach(shard -> shard.ready.completeExceptionally(cause));
    }

    /// Waits until there is a shard to read, for a bounded time.
    void await(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long nanos = atMost.toNanos();
            while (shards.isEmpty() && failure == null && nanos > 0) {
                nanos = acquired.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return shards.size();
        } finally {
            lock.unlock();
        }
    }
}
