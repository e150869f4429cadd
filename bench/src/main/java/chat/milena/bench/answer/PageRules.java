package chat.milena.bench.answer;

import java.util.List;
import java.util.Optional;

/// The rules for a page of history, by the request and by a number that the conversation certainly had.
///
/// The result is the first fault, in words, or nothing.
public final class PageRules {
    private PageRules() {}

    /// The fault of a page; empty if it is correct.
    ///
    /// @param knownLast a number that the conversation had at the time of the request
    public static Optional<String> fault(PageAsk ask, Page page, long knownLast) {
        boolean down = !(ask instanceof PageAsk.After);
        Optional<String> fault = beginning(ask, page, knownLast);
        if (fault.isEmpty()) {
            fault = order(page.messages(), page.expired(), down);
        }
        if (fault.isEmpty()) {
            fault = size(ask, page, knownLast, down);
        }
        return fault;
    }

    /// Whether the numbers are consecutive, except for expired ones.
    static Optional<String> order(List<TimelineEntry> entries, List<NumberRange> expired, boolean down) {
        for (int i = 1; i < entries.size(); i++) {
            long before = entries.get(i - 1).sequenceNumber();
            long number = entries.get(i).sequenceNumber();
            long low = Math.min(before, number);
            long high = Math.max(before, number);
            if (number == before || (number < before) != down) {
                return Optional.of(
                        "number " + number + " after " + before + " in a page that goes " + (down ? "down" : "up"));
            }
            if (!NumberRange.cover(expired, low + 1, high - 1)) {
                return Optional.of("a gap between " + low + " and " + high);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> beginning(PageAsk ask, Page page, long knownLast) {
        if (page.messages().isEmpty()) {
            return Optional.empty();
        }
        long first = page.messages().getFirst().sequenceNumber();
        boolean right = switch (ask) {
            case PageAsk.Newest newest -> NumberRange.cover(page.expired(), first + 1, knownLast);
            case PageAsk.Before before ->
                first < before.number()
                        && NumberRange.cover(page.expired(), first + 1, Math.min(before.number() - 1, knownLast));
            case PageAsk.After after ->
                first > after.number() && NumberRange.cover(page.expired(), after.number() + 1, first - 1);
        };
        return right ? Optional.empty() : Optional.of("it begins with " + first);
    }

    private static Optional<String> size(PageAsk ask, Page page, long knownLast, boolean down) {
        List<TimelineEntry> entries = page.messages();
        if (entries.size() > ask.limit()) {
            return Optional.of(entries.size() + " entries where " + ask.limit() + " were asked for");
        }
        if (page.hasMore()) {
            if (page.expired().isEmpty() && entries.isEmpty()) {
                return Optional.of("no entry, and yet more");
            }
            if (page.nextCursor() == null) {
                return Optional.of("more, and no cursor to it");
            }
            return down && !entries.isEmpty() && entries.getLast().sequenceNumber() <= 1
                    ? Optional.of("more below the first number")
                    : Optional.empty();
        }
        long end = entries.isEmpty() ? start(ask, knownLast) : entries.getLast().sequenceNumber();
        boolean complete = down
                ? NumberRange.cover(page.expired(), 1, end - 1)
                : NumberRange.cover(page.expired(), end + 1, knownLast);
        return complete ? Optional.empty() : Optional.of("no more, though it ends at " + end);
    }

    /// The position of an empty page.
    private static long start(PageAsk ask, long knownLast) {
        return switch (ask) {
            case PageAsk.Newest newest -> knownLast + 1;
            case PageAsk.Before before -> Math.min(before.number(), knownLast + 1);
            case PageAsk.After after -> after.number();
        };
    }
}
