package chat.milena.bench.check;

import java.util.ArrayList;
import java.util.List;

/// The numbers of one conversation that one connection has not received, below its highest one, as few ranges as
/// possible.
///
/// A hole is either owed (the connection was up) or away (it was not). Ranges are bounded by [#RANGES_MAX]. A hole
/// beyond that is only counted and can no longer be filled. Not thread-safe.
final class Holes {
    static final int RANGES_MAX = 4096;

    private record Range(long from, long to, boolean away) {
        long size() {
            return to - from + 1;
        }
    }

    /// The result of filling a number.
    enum Filled {
        OWED,
        AWAY,
        NO_HOLE
    }

    private final List<Range> ranges = new ArrayList<>(0);
    private long owedOverflow;
    private long awayOverflow;

    void add(long from, long to, boolean away) {
        if (from > to) {
            return;
        }
        Range range = new Range(from, to, away);
        if (ranges.size() < RANGES_MAX) {
            ranges.add(range);
        } else if (away) {
            awayOverflow += range.size();
        } else {
            owedOverflow += range.size();
        }
    }

    boolean holds(long number) {
        return ranges.stream().anyMatch(range -> range.from <= number && number <= range.to);
    }

    Filled fill(long number) {
        for (int i = ranges.size() - 1; i >= 0; i--) {
            Range range = ranges.get(i);
            if (range.from <= number && number <= range.to) {
                ranges.remove(i);
                add(range.from, number - 1, range.away);
                add(number + 1, range.to, range.away);
                return range.away ? Filled.AWAY : Filled.OWED;
            }
        }
        return Filled.NO_HOLE;
    }

    long owed() {
        return owedOverflow + sum(false);
    }

    long away() {
        return awayOverflow + sum(true);
    }

    long owedRanges() {
        return ranges.stream().filter(range -> !range.away).count() + (owedOverflow > 0 ? 1 : 0);
    }

    private long sum(boolean away) {
        return ranges.stream()
                .filter(range -> range.away == away)
                .mapToLong(Range::size)
                .sum();
    }
}
