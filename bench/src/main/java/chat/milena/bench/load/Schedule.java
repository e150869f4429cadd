package chat.milena.bench.load;

import java.util.SplittableRandom;

/// The due times of the sends of an open-loop run. Each part of the time is one over the rate long, and the k-th
/// send is due at a random moment of the k-th part.
///
/// Sends at even intervals would fall into step with regular work of the server, and two loads with each other:
/// each second or fourth send of one load would always meet one of the other, or never. So the moments are random.
/// The same seed gives the same moments. The server cannot move a due time, so a stall shows as latency of every
/// send that fell due in it.
public record Schedule(long startNanos, double perSecond, long count, long seed) {

    public Schedule {
        if (perSecond <= 0 || count < 0) {
            throw new IllegalArgumentException("a rate is above zero and a count not below");
        }
    }

    /// The same schedule with another length.
    public Schedule withCount(long other) {
        return new Schedule(startNanos, perSecond, other, seed);
    }

    public long dueNanos(long k) {
        double within = new SplittableRandom(seed + k).nextDouble();
        return startNanos + (long) ((k + within) * 1e9 / perSecond);
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
