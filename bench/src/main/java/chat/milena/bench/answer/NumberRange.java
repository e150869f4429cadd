package chat.milena.bench.answer;

import java.util.List;

/// A range of numbers of one conversation, both ends included.
public record NumberRange(long from, long to) {

    /// Whether the ranges contain every number from `first` to `last`; true if there is none between them.
    static boolean cover(List<NumberRange> ranges, long first, long last) {
        long next = first;
        // The ranges are unordered: each round passes at least one of them or ends.
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
