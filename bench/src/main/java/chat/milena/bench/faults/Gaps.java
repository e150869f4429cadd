package chat.milena.bench.faults;

import java.util.List;

/// The longest time between two moments. Pure.
final class Gaps {
    private Gaps() {}

    /// In seconds, within a time whose ends count as moments.
    ///
    /// @param moments in any order; those outside do not count
    static double longestSeconds(List<Long> moments, long fromNanos, long untilNanos) {
        List<Long> within = moments.stream()
                .map(moment -> moment - fromNanos)
                .filter(since -> since >= 0 && since < untilNanos - fromNanos)
                .sorted()
                .toList();
        long longest = 0;
        long last = 0;
        for (long since : within) {
            longest = Math.max(longest, since - last);
            last = since;
        }
        return Math.max(longest, untilNanos - fromNanos - last) / 1e9;
    }
}
