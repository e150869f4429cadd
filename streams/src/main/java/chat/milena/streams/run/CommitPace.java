package chat.milena.streams.run;

/// Decides when the transaction of a stream thread is due: soon at low load, later at high load.
///
/// A commit costs the brokers and the thread about the same for one record as for a thousand. A commit every few
/// milliseconds gives the lowest latency at low load, and leaves no time for messages at high load. So a
/// transaction stays open for `shortestMillis` if up to [#RECORDS_IN_SHORTEST] records come in that time, for
/// twice as long at twice that rate, and so on up to `longestMillis`.
///
/// If a commit itself takes longer than that (brokers far away, too busy, or changing their leaders), the next
/// transaction stays open for half that time, up to [#SLOW_MAX] times `longestMillis`. Else nearly all time would go
/// into commits, each of a few records, and the waiting records would never be handled. A commit begins with the flush
/// of what was written, which waits for all copies: at slow brokers most of its time.
///
/// Pure except for its memory. For one stream thread, whose tasks share the transaction.
final class CommitPace {
    static final int RECORDS_IN_SHORTEST = 5;

    static final int SLOW_MAX = 4;

    private static final long UNKNOWN = -1;

    private final long shortestMillis;
    private final long longestMillis;
    private long openedAtMillis = UNKNOWN;
    private long records;
    private long transaction;
    private long slowMillis;
    private long commitBeganMillis = UNKNOWN;

    CommitPace(long shortestMillis, long longestMillis) {
        this.shortestMillis = shortestMillis;
        this.longestMillis = longestMillis;
    }

    /// A record was handled.
    void handled() {
        records++;
    }

    /// The number of the open transaction.
    long transaction() {
        return transaction;
    }

    /// Whether the open transaction should be committed now. Counts the time from the first call after a commit.
    boolean isDue(long nowMillis) {
        // The same if the clock was set back, which must not keep a transaction open that long.
        if (openedAtMillis == UNKNOWN || nowMillis < openedAtMillis) {
            openedAtMillis = nowMillis;
        }
        long open = nowMillis - openedAtMillis;
        if (records == 0 || open < Math.max(shortestMillis, slowMillis)) {
            return false;
        }
        return open >= longestMillis || open * open * RECORDS_IN_SHORTEST >= records * shortestMillis * shortestMillis;
    }

    /// A commit begins. Only the first call for each commit counts: each task flushes.
    ///
    /// @param nowMillis of a clock that never goes back, as for [#committed(long)]
    void commitBegins(long nowMillis) {
        if (commitBeganMillis == UNKNOWN) {
            commitBeganMillis = nowMillis;
        }
    }

    /// The open transaction is committed.
    void committed(long nowMillis) {
        long tookMillis = commitBeganMillis == UNKNOWN ? 0 : nowMillis - commitBeganMillis;
        slowMillis = tookMillis > longestMillis ? Math.min(tookMillis / 2, SLOW_MAX * longestMillis) : 0;
        commitBeganMillis = UNKNOWN;
        openedAtMillis = UNKNOWN;
        records = 0;
        transaction++;
    }
}
