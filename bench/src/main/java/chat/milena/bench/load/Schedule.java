package chat.milena.bench.load;

/// When each send of an open-loop run is due: the k-th at `start + k / rate`, from 0.
///
/// Nothing that the server does moves a due time, so a stall shows as latency of every send that fell due in it.
public record Schedule(long startNanos, double perSecond, long count) {

    public Schedule {
        if (perSecond <= 0 || count < 0) {
            throw new IllegalArgumentException("a rate is above zero and a count not below");
        }
    }

    /// The same beginning of another length.
    public Schedule withCount(long other) {
        return new Schedule(startNanos, perSecond, other);
    }

    public long dueNanos(long k) {
        return startNanos + (long) (k * 1e9 / perSecond);
    }

    /// How many sends are due at `nowNanos`, all earlier ones included.
    public long dueBy(long nowNanos) {
        long elapsed = nowNanos - startNanos;
        if (elapsed < 0) {
            return 0;
        }
        long k = Math.min(count, (long) (elapsed * perSecond / 1e9) + 1);
        while (k > 0 && dueNanos(k - 1) > nowNanos) {
            k--;
        }
        while (k < count && dueNanos(k) <= nowNanos) {
            k++;
        }
        return k;
    }
}
