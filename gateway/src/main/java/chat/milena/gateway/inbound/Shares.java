package chat.milena.gateway.inbound;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How much each of many holders has of something, at most so much each. Safe for all threads; remembers only those who
/// hold some. Where several take at the bound at once, one may be refused for another's attempt.
///
/// @param <K> who holds a share
public final class Shares<K> {
    private final int max;
    private final Map<K, Integer> held = new ConcurrentHashMap<>();

    /// @param max what each may hold
    public Shares(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("max must be at least 1");
        }
        this.max = max;
    }

    /// Takes one.
    ///
    /// @return false if this holder has as much as anyone may
    public boolean take(K holder) {
        if (held.merge(holder, 1, Integer::sum) <= max) {
            return true;
        }
        giveBack(holder, 1);
        return false;
    }

    /// Gives so many back, of those that were taken.
    public void giveBack(K holder, int count) {
        if (count > 0) {
            held.computeIfPresent(holder, (known, before) -> before > count ? before - count : null);
        }
    }

    /// How many hold some.
    public int holders() {
        return held.size();
    }
}
