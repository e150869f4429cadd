package chat.milena.bench.answer;

import java.util.List;

/// Numbers of one conversation, both ends included.
public record NumberRange(long from, long to) {

    /// Whether ranges hold every number from `first` to `last`; true when there is none between them.
    static boolean cover(List<NumberRange> ranges, long first, long last) {
        long next = first;
        // In whatever order they come: each round passes at least one range or ends.
        for (int round = 0; round <= ranges.size() && next <= last; round++) {
            for (NumberRange range : ranges) {
                if (range.from <= next && next <= range.to) {
                    next = range.to + 1;
                }
            }
        }
        return next > last;
    }
}
