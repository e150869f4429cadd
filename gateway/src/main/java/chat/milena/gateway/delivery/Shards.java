package chat.milena.gateway.delivery;

import java.util.concurrent.CompletableFuture;

/// The shards whose deliveries this gateway reads. Implementations are safe for all threads.
public interface Shards {

    /// Has a shard read for as long as the lease is held.
    Lease acquire(int shard);

    /// A claim on a shard.
    interface Lease {
        /// Completes when everything that commits to the shard from now on will be dispatched; fails if that is
        /// not possible.
        CompletableFuture<Void> ready();

        /// Returns the claim. Further calls do nothing.
        void release();
    }
}
