package chat.milena.gateway.session;

import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;

/// Bounds the bytes in the outboxes of all connections together, of one tenant's and of one user's. Safe for all
/// threads.
///
/// Nothing is refused when it is full: once more than half is held, the bound of each single outbox shrinks with what
/// is left. So the outboxes that hold much pass their bound first, and drop frames or are closed, long before a client
/// that reads gets there; and as each outbox may hold a part of what is left, something is always left.
///
/// Outboxes report in steps of [#STEP_BYTES], rounded down, so a client that keeps up rarely touches the shared
/// counters. The bound is soft: each outbox may hold one step of events (two with answers) beside it. A frame to many
/// counts for each of them, though it is kept once.
public final class OutboxBudget {
    /// What each outbox may hold, however little is left; it does not count.
    static final int STEP_BYTES = 4 * 1024;

    private static final double SHRINKS_BELOW = 0.5;

    private final Budget budget;

    /// @param budget in bytes
    public OutboxBudget(Budget budget) {
        this.budget = budget;
    }

    /// One that is never used up: each outbox has its own bound alone.
    static OutboxBudget unbounded() {
        return new OutboxBudget(
                new Budget(new Budget.Bounds(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)));
    }

    /// A new outbox's part, to be ended with it.
    Share share(Holder holder) {
        return new Share(holder);
    }

    /// What one outbox holds. Guarded by its outbox, but for the bound, which any thread may ask for.
    final class Share {
        private final Holder holder;
        private long counted;
        private boolean ended;

        private Share(Holder holder) {
            this.holder = holder;
        }

        /// The outbox holds this many bytes now.
        void holds(long bytes) {
            long counts = ended ? 0 : bytes - bytes % STEP_BYTES;
            if (counts != counted) {
                budget.add(holder, counts - counted);
                counted = counts;
            }
        }

        /// How much an outbox may hold now, if that is its usual bound.
        int bound(int usual) {
            double free = budget.free(holder);
            return free >= SHRINKS_BELOW
                    ? usual
                    : (int) Math.max(Math.min(usual, STEP_BYTES), usual * free / SHRINKS_BELOW);
        }

        /// The outbox is no more. Further runs do nothing.
        void end() {
            if (!ended) {
                ended = true;
                holds(0);
            }
        }
    }
}
