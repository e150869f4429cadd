package chat.milena.gateway;

import chat.milena.gateway.delivery.Shards;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Shards that are ready at once unless told otherwise, and that count their leases.
public final class FakeShards implements Shards {
    private final Map<Integer, Integer> leases = new ConcurrentHashMap<>();
    private volatile CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);

    public void ready(CompletableFuture<Void> future) {
        ready = future;
    }

    public int leases() {
        return leases.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public Lease acquire(int shard) {
        leases.merge(shard, 1, Integer::sum);
        AtomicBoolean released = new AtomicBoolean();
        CompletableFuture<Void> future = ready;
        return new Lease() {
            @Override
            public CompletableFuture<Void> ready() {
                return future.copy();
            }

            @Override
            public void release() {
                if (released.compareAndSet(false, true)) {
                    leases.merge(shard, -1, Integer::sum);
                }
            }
        };
    }
}
