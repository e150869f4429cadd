package chat.milena.gateway.session;

import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;

/// Bounds the bytes in the outboxes of all connections together, of one tenant's and of one user's. Safe for all
/// threads.
///
/// Nothing is rejected when it is full: once more than half is held, the bound of each single outbox shrinks with
/// the rest. So the outboxes that hold much exceed their bound first, and drop frames or are closed, long before
/// those of clients that read. And since each outbox may hold a part of the rest, there is always a rest.
///
/// Outboxes report in steps of [#STEP_BYTES], rounded down, so a client that keeps up rarely touches the shared
/// counters. The bound is soft: each outbox may exceed it by one step of events (two with answers). A frame with
/// many recipients counts for each of them, though it is stored once.
public final class OutboxBudget {
    /// What each outbox may hold in any case; it does not count.
    static final int STEP_BYTES = 4 * 1024;

    private static final double SHRINKS_BELOW = 0.5;

    private final Budget budget;

    /// @param budget in bytes
    public OutboxBudget(Budget budget) {
        this.budget = budget;
    }

    /// A budget that is never used up: only the bound of each outbox holds.
    static OutboxBudget unbounded() {
        return new OutboxBudget(
                new Budget(new Budget.Bounds(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)));
    }

    /// The share of a new outbox, to be ended with it.
    Share share(Holder holder) {
        return new Share(holder);
    }

    /// The bytes of one outbox. Guarded by its outbox, except for the bound, which any thread may read.
    final class Share {
        private final Holder holder;
        private long counted;
        private boolean ended;

        private Share(Holder holder) {
            this.holder = holder;
        }

        /// Sets the bytes that the outbox holds now.
        void holds(long bytes) {
            long counts = ended ? 0 : bytes - bytes % STEP_BYTES;
            if (counts != counted) {
                budget.add(holder, counts - counted);
                counted = counts;
            }
        }

        /// How much an outbox may hold now, given its usual bound.
        int bound(int usual) {
            double free = budget.free(holder);
            return free >= SHRINKS_BELOW
                    ? usual
                    : (int) Math.max(Math.min(usual, STEP_BYTES), usual * free / SHRINKS_BELOW);
        }

        /// The outbox has ended. Further calls do nothing.
        void end() {
            if (!ended) {
                ended = true;
                holds(0);
            }
        }
    }
}
