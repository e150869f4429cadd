package chat.milena.gateway.delivery;

import chat.milena.gateway.delivery.Shards.Lease;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// A lease that is returned once, even if it is released several times.
final class CountedLease implements Lease {
    private final CompletableFuture<Void> ready;
    private final Runnable giveBack;
    private final AtomicBoolean released = new AtomicBoolean();

    CountedLease(CompletableFuture<Void> ready, Runnable giveBack) {
        this.ready = ready;
        this.giveBack = giveBack;
    }

    @Override
    public CompletableFuture<Void> ready() {
        // A copy: the timeout of one holder must not fail the others.
        return ready.copy();
    }

    @Override
    public void release() {
        if (released.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
