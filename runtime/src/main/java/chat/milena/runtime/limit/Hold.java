package chat.milena.runtime.limit;

/// What one holder has of a [Budget]: it grows and shrinks, and is ended once. Safe for all threads.
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
    /// @return false if there is no more to be had, or the hold has ended
    public synchronized boolean grow(long more) {
        if (ended || !budget.take(holder, more)) {
            return false;
        }
        amount += more;
        return true;
    }

    /// Holds this amount from now on, which it knows to be held anyway.
    public synchronized void set(long held) {
        if (!ended) {
            budget.add(holder, held - amount);
            amount = held;
        }
    }

    /// Gives everything back. Further runs do nothing.
    public synchronized void end() {
        set(0);
        ended = true;
    }
}
