package chat.milena.syncapi.read;

import chat.milena.protocol.timeline.NumberRange;
import chat.milena.schemas.avro.TimelineEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// Part of a timeline: all that can be read of some numbers in a row. Immutable.
///
/// @param entries in the order that was asked for
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

    /// The numbers of this page that have no entry, lowest first; at most one range more than there are entries.
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

    /// How much a page may hold. Immutable.
    ///
    /// @param entries at most so many
    /// @param bytes no further entry that would bring it above so many bytes of JSON
    /// @param atLeastOne whether the first entry is taken whatever it weighs, so that each page gets on
    record Bound(int entries, long bytes, boolean atLeastOne) {

        /// Whether one more entry is taken.
        ///
        /// @param taken entries so far
        /// @param takenBytes what they weigh
        /// @param moreBytes what the next one weighs
        boolean admits(int taken, long takenBytes, long moreBytes) {
            return taken < entries && (takenBytes + moreBytes <= bytes || (taken == 0 && atLeastOne));
        }
    }
}
