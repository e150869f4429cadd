package chat.milena.syncapi.read;

import chat.milena.protocol.timeline.NumberRange;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.syncapi.read.Read.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// Part of a timeline: everything that can be read of some consecutive numbers. Immutable.
///
/// @param entries in the requested order
/// @param after the number before the first of them
/// @param to the last of them; `after` if there are none
/// @param hasMore whether there may be an entry beyond, in that order
record Page(List<TimelineEvent> entries, Order order, long after, long to, boolean hasMore) {

    static Page empty(Order order, long edge) {
        return new Page(List.of(), order, edge, edge, false);
    }

    /// Where the next page begins: an exclusive edge.
    long nextEdge() {
        return switch (order) {
            case OLDEST_FIRST -> to;
            case NEWEST_FIRST -> after + 1;
        };
    }

    /// The numbers of this page without an entry, lowest first; at most one range more than there are entries.
    List<NumberRange> missing() {
        return missing(TimelineEvent::getSequenceNumber);
    }

    /// The same of pages that go by other numbers.
    List<NumberRange> missing(ToLongFunction<TimelineEvent> numberOf) {
        List<TimelineEvent> ascending = switch (order) {
            case OLDEST_FIRST -> entries;
            case NEWEST_FIRST -> entries.reversed();
        };
        List<NumberRange> missing = new ArrayList<>();
        long before = after;
        for (TimelineEvent entry : ascending) {
            long number = numberOf.applyAsLong(entry);
            if (number > before + 1) {
                missing.add(new NumberRange(before + 1, number - 1));
            }
            before = number;
        }
        if (before < to) {
            missing.add(new NumberRange(before + 1, to));
        }
        return missing;
    }

    /// The bound of a page. Immutable.
    ///
    /// @param entries maximum number
    /// @param bytes no further entry that would exceed this many bytes of JSON
    /// @param atLeastOne whether the first entry is taken whatever its size, so that each page makes progress
    record Bound(int entries, long bytes, boolean atLeastOne) {

        /// Whether one more entry is taken.
        ///
        /// @param taken entries so far
        /// @param takenBytes their size
        /// @param moreBytes the size of the next one
        boolean admits(int taken, long takenBytes, long moreBytes) {
            return taken < entries && (takenBytes + moreBytes <= bytes || (taken == 0 && atLeastOne));
        }
    }
}
