package chat.milena.streams.run;

/// Decides when the transaction of a stream thread is due: soon while little comes in, later the more does.
///
/// A commit costs the brokers and the thread about the same for one record as for a thousand. Committing each few
/// milliseconds is what a message waits for least while there are few, and what leaves no time for the messages while
/// there are many. So a transaction stays open for `shortestMillis` up to [#RECORDS_IN_SHORTEST] records in that time,
/// for twice as long at twice that rate, and so on up to `longestMillis`.
///
/// Pure but for its memory. For one stream thread, whose tasks share the transaction.
final class CommitPace {
    static final int RECORDS_IN_SHORTEST = 5;

    private static final long UNKNOWN = -1;

    private final long shortestMillis;
    private final long longestMillis;
    private long openedAtMillis = UNKNOWN;
    private long records;
    private long transaction;

    CommitPace(long shortestMillis, long longestMillis) {
        this.shortestMillis = shortestMillis;
        this.longestMillis = longestMillis;
    }

    /// A record was handled.
    void handled() {
        records++;
    }

    /// The number of the transaction that is open.
    long transaction() {
        return transaction;
    }

    /// Whether the open transaction should be committed now. Counts the time from the first call after a commit.
    boolean isDue(long nowMillis) {
        // The same for a clock that was set back: it must not hold a transaction open for as long.
        if (openedAtMillis == UNKNOWN || nowMillis < openedAtMillis) {
            openedAtMillis = nowMillis;
        }
        long open = nowMillis - openedAtMillis;
        if (records == 0 || open < shortestMillis) {
            return false;
        }
        return open >= longestMillis || open * open * RECORDS_IN_SHORTEST >= records * shortestMillis * shortestMillis;
    }

    /// What was open is committed.
    void committed() {
        openedAtMillis = UNKNOWN;
        records = 0;
        transaction++;
    }
}
