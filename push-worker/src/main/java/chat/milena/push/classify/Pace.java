package chat.milena.push.classify;

import java.time.Duration;

/// How fast a partition is read after a stop: at most [#TIMES] as fast as it was written. So nobody's classifier gets
/// many times its usual load then, and the backlog has room for what waits. What is new is read without delay. For one
/// thread.
///
/// Time in which little was written does not count: from one record to the next at most [#GAP_MAX].
final class Pace {
    static final int TIMES = 4;
    static final Duration GAP_MAX = Duration.ofSeconds(1);
    /// A record that is not older is new.
    static final Duration NEW = Duration.ofSeconds(5);

    /// Of the log, since the first old record.
    private long readMillis;
    private long lastMillis;
    private long sinceMillis;
    private boolean isOld;

    /// A record was read.
    ///
    /// @param writtenMillis when it was written
    void read(long writtenMillis, long nowMillis) {
        boolean was = isOld;
        isOld = writtenMillis < nowMillis - NEW.toMillis();
        if (!was) {
            sinceMillis = nowMillis;
            readMillis = 0;
        } else {
            readMillis += Math.clamp(writtenMillis - lastMillis, 0, GAP_MAX.toMillis());
        }
        lastMillis = writtenMillis;
    }

    /// Whether more may be read.
    boolean allowsMore(long nowMillis) {
        return !isOld || readMillis <= TIMES * (nowMillis - sinceMillis);
    }
}
