package chat.milena.runtime.limit;

/// The amount that one holder has of a [Budget]: it grows and shrinks, and is ended once. Safe for all threads.
public final class Hold {
    private final Budget budget;
    private final Holder holder;
    private long amount;
    private boolean ended;

    /// Holds nothing yet.
    public Hold(Budget budget, Holder holder) {
        this.budget = budget;
        this.holder = holder;
    }

    /// Takes more, all or nothing.
    ///
    /// @return false if a bound leaves less than that, or the hold has ended
    public synchronized boolean grow(long more) {
        if (ended || !budget.take(holder, more)) {
            return false;
        }
        amount += more;
        return true;
    }

    /// Sets the amount, which is held already and cannot be rejected.
    public synchronized void set(long held) {
        if (!ended) {
            budget.add(holder, held - amount);
            amount = held;
        }
    }

    /// Returns everything. Further calls do nothing.
    public synchronized void end() {
        set(0);
        ended = true;
    }
}
