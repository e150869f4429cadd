package chat.milena.gateway.delivery;

import chat.milena.gateway.delivery.Shards.Lease;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// A lease that gives back once, however often it is released.
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
        // A copy: one holder's timeout must not fail the others.
        return ready.copy();
    }

    @Override
    public void release() {
        if (released.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
