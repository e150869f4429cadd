package chat.milena.syncapi.read;

import chat.milena.conversation.rules.AccessRules.Granted;
import chat.milena.protocol.timeline.Held;
import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.syncapi.read.Read.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What one reader may see of one conversation's events at one moment. For one thread.
///
/// Its end is fixed when it is opened: numbers beyond the newest event in the view at that time are never
/// mentioned, so an event on its way is never called missing. Events beyond the retention are a prefix of the
/// history, and are skipped by binary search. Messages that expired one by one are walked over, at most
/// [#GONE_SCAN_MAX] for a page. No event is read from the view after the one that does not fit a page.
final class Timeline {
    /// How many expired or uncounted entries a page walks over. With more of them it ends early, with `hasMore`.
    static final int GONE_SCAN_MAX = 1_000;

    /// How many events are searched for the last message, not counting changes of the group in a row.
    static final int LAST_MESSAGE_READS_MAX = 1_000;

    /// After this many changes of the group in a row, binary search finds the message before them.
    private static final int CHANGES_IN_A_ROW = 16;

    private final ConversationViews views;
    private final ConversationKey key;
    private final Granted access;
    private final Expiry expiry;
    private final @Nullable TimelineEvent newest;
    private final long last;

    private Timeline(
            ConversationViews views,
            ConversationKey key,
            Granted access,
            Expiry expiry,
            @Nullable TimelineEvent newest,
            long last) {
        this.views = views;
        this.key = key;
        this.access = access;
        this.expiry = expiry;
        this.newest = newest;
        this.last = last;
    }

    static Timeline open(ConversationViews views, ConversationKey key, Granted access, Expiry expiry) {
        List<TimelineEvent> end = views.events(key, 1, Long.MAX_VALUE, 1, Order.NEWEST_FIRST);
        if (!end.isEmpty()) {
            TimelineEvent newest = end.getFirst();
            return new Timeline(views, key, access, expiry, newest, newest.getSequenceNumber());
        }
        // The whole history is gone: its end is the highest number in any other value.
        Receipt own = views.receipt(new MemberKey(key, access.member().getUserId()));
        long known = own == null ? 0 : Math.max(own.getDeliveredUpToSequence(), own.getReadUpToSequence());
        long last = Math.max(known, access.conversation().getSequenceNumber());
        return new Timeline(views, key, access, expiry, null, last);
    }

    /// The newest event; null if all of them are gone.
    @Nullable
    TimelineEvent newest() {
        return newest;
    }

    /// The number of the newest event.
    long last() {
        return last;
    }

    /// How many messages others have been shown; 0 if no event is left that has the count.
    long shownOrdinal() {
        return newest == null ? 0 : shownOrdinal(newest);
    }

    /// The same up to an event.
    static long shownOrdinal(TimelineEvent event) {
        return event.getMessageOrdinal() - event.getUnshownCount();
    }

    /// Checks that what events added to messages is in the view as far as the events are: a client that is shown
    /// an event gets no further notification.
    ///
    /// @throws ConversationViews.BehindException if it is not
    void checkAnnotations() {
        long due = newest == null ? 0 : newest.getAnnotatedSequence();
        if (due == 0) {
            return;
        }
        Annotation there = views.annotation(AnnotationKey.ofConversation(key));
        if (there != null && there.getChangedBy() >= due) {
            return;
        }
        // What is older than all that is kept may be gone from one topic before the other.
        List<TimelineEvent> event = views.events(key, due, due, 1, Order.OLDEST_FIRST);
        if (!event.isEmpty() && !expiry.retired(event.getFirst())) {
            throw new ConversationViews.BehindException("annotations are behind event " + due);
        }
    }

    /// A history that is gone belongs to an old conversation. That of a new one is on its way, and not missing.
    private boolean onItsWay() {
        return newest == null && !expiry.retired(access.conversation().getCreatedAt());
    }

    /// The entries before a number.
    ///
    /// @param counted which entries the bound counts; the others come in addition
    /// @param besides how many bytes an entry brings beside itself
    Page newestFirst(
            long before, Page.Bound bound, Predicate<TimelineEvent> counted, ToLongFunction<TimelineEvent> besides) {
        long top = Math.min(before - 1, last);
        if (top < 1 || onItsWay()) {
            return Page.empty(Order.NEWEST_FIRST, 0);
        }
        Gathering page = new Gathering(bound, counted, besides);
        page.passed = top + 1;
        if (top >= access.firstSequence()) {
            views.events(key, access.firstSequence(), top, Order.NEWEST_FIRST, page::takes);
        }
        return new Page(page.entries, Order.NEWEST_FIRST, page.isFull ? page.passed - 1 : 0, top, page.isFull);
    }

    /// The entries after a number.
    ///
    /// @param counted which entries the bound counts; the others come in addition
    /// @param besides how many bytes an entry brings beside itself
    Page oldestFirst(
            long after, Page.Bound bound, Predicate<TimelineEvent> counted, ToLongFunction<TimelineEvent> besides) {
        return oldestFirst(after, new Gathering(bound, counted, besides));
    }

    private Page oldestFirst(long after, Gathering page) {
        if (after >= last || onItsWay()) {
            return Page.empty(Order.OLDEST_FIRST, after);
        }
        long first = firstKept(after + 1);
        page.passed = first - 1;
        if (first <= last) {
            views.events(key, first, last, Order.OLDEST_FIRST, page::takes);
        }
        return new Page(page.entries, Order.OLDEST_FIRST, after, page.isFull ? page.passed : last, page.isFull);
    }

    /// Takes events one by one until the page is full, or all later ones are gone.
    private final class Gathering {
        private final Page.Bound bound;
        private final Predicate<TimelineEvent> counted;
        private final ToLongFunction<TimelineEvent> besides;
        private final List<TimelineEvent> entries = new ArrayList<>();
        private int taken;
        private long bytes;
        private int passedOver;
        /// The number beside the first one that it may take, then that of the last one that it has seen.
        private long passed;
        private boolean isFull;

        private Gathering(Page.Bound bound, Predicate<TimelineEvent> counted, ToLongFunction<TimelineEvent> besides) {
            this.bound = bound;
            this.counted = counted;
            this.besides = besides;
        }

        /// Whether it takes another one.
        private boolean takes(TimelineEvent event) {
            if (expiry.retired(event)) {
                return false;
            }
            if (expiry.gone(event)) {
                isFull = ++passedOver >= GONE_SCAN_MAX;
            } else if (!counted.test(event)) {
                entries.add(event);
                isFull = ++passedOver >= GONE_SCAN_MAX;
            } else {
                long more = EntryBytes.of(event) + besides.applyAsLong(event);
                if (!bound.admits(taken, bytes, more)) {
                    isFull = true;
                    return false;
                }
                entries.add(event);
                taken++;
                bytes += more;
            }
            passed = event.getSequenceNumber();
            return !isFull;
        }
    }

    /// Whether the reader may read the event with this number.
    boolean mayRead(long number) {
        return number >= access.firstSequence();
    }

    /// The message with this number as it is now; null if it is no longer shown, or not to this reader.
    @Nullable
    TimelineEvent message(long number) {
        TimelineEvent message = entryOfMessage(number);
        return message == null || hides(message) ? null : message;
    }

    /// The same, also where this reader is shown nothing of the message while it waits for a moderator.
    @Nullable
    TimelineEvent entryOfMessage(long number) {
        if (number < access.firstSequence()) {
            return null;
        }
        List<TimelineEvent> found = views.events(key, number, number, 1, Order.OLDEST_FIRST);
        return found.isEmpty() || !isMessage(found.getFirst()) || expiry.gone(found.getFirst())
                ? null
                : found.getFirst();
    }

    /// Whether this reader is shown nothing of an event but that it is there, since a message waits for a moderator.
    boolean hides(TimelineEvent event) {
        return !access.moderates() && Held.hides(event, access.member().getUserId());
    }

    static boolean expires(TimelineEvent event) {
        return counts(event) && event.getMessage().getExpiresAt() != null;
    }

    /// The newest message that is shown and was not deleted, nor is held for a moderator; null without one.
    ///
    /// It is found whatever the number of later changes of the group, since binary search skips them. Of messages
    /// that expired one by one or were deleted, [#LAST_MESSAGE_READS_MAX] are checked; behind them, a message
    /// without an `expiresAt` is found, unless more than [Unread.Deleted#READS_MAX] of those were deleted.
    @Nullable
    TimelineEvent lastMessage() {
        long to = last;
        int read = 0;
        while (newest != null && to >= access.firstSequence() && read < LAST_MESSAGE_READS_MAX) {
            Search search = new Search();
            views.events(key, access.firstSequence(), to, Order.NEWEST_FIRST, search::goesOn);
            TimelineEvent stop = search.stop;
            if (stop == null) {
                return search.found;
            }
            read += search.read;
            // The message before all these changes, or what is left after it.
            long ordinal = stop.getMessageOrdinal();
            long first = firstWhere(
                    access.firstSequence() - 1,
                    stop.getSequenceNumber(),
                    event -> event.getMessageOrdinal() >= ordinal);
            to = range(first, 1).getFirst().getSequenceNumber();
        }
        return newest == null || to < access.firstSequence() ? null : lastLasting(to);
    }

    /// The newest message up to the number of an event that has no `expiresAt` and was not deleted. The deleted ones
    /// are counted by their list, so binary search finds the last message behind which all were.
    private @Nullable TimelineEvent lastLasting(long to) {
        long first = firstKept(1);
        Unread.Deleted deleted = Unread.Deleted.of(views, key, first, to);
        long ordinal = lasting(range(to, 1).getFirst());
        long number = firstWhere(
                        first - 1,
                        to + 1,
                        event -> ordinal - lasting(event) + (lasts(event) ? 1 : 0)
                                <= deleted.from(event.getSequenceNumber()))
                - 1;
        TimelineEvent event = number < first ? null : range(number, 1).getFirst();
        return event != null && stands(event) && lasts(event) ? event : null;
    }

    /// Whether it is a message of the conversation without an `expiresAt`.
    static boolean lasts(TimelineEvent event) {
        return counts(event) && !expires(event);
    }

    /// How many of those there were up to an event.
    static long lasting(TimelineEvent event) {
        return event.getMessageOrdinal() - event.getExpiringOrdinal();
    }

    /// Searches for a message from the newest event backwards, until too many changes come in a row.
    private final class Search {
        private @Nullable TimelineEvent found;
        private @Nullable TimelineEvent stop;
        private int read;
        private int changes;

        private boolean goesOn(TimelineEvent event) {
            read++;
            if (expiry.retired(event) || event.getMessageOrdinal() == 0) {
                return false;
            }
            if (counts(event)) {
                changes = 0;
                found = stands(event) ? event : null;
            } else {
                changes++;
            }
            if (changes == CHANGES_IN_A_ROW || read == LAST_MESSAGE_READS_MAX) {
                stop = event;
            }
            return found == null && stop == null;
        }
    }

    /// Whether with this event a message counts no longer, or not yet: it was deleted, or is held for a moderator.
    static boolean takesAway(TimelineEvent event) {
        return EventKind.MESSAGE_DELETED.is(event.getKind())
                || (event.getHold() != null
                        && (!isMessage(event) || event.getHold().getFromStart()));
    }

    /// How often that happened up to an event.
    static long takenAway(TimelineEvent event) {
        return event.getDeletedOrdinal() + event.getHeldOrdinal();
    }

    /// Whether a message is shown to nobody as what it was, or to few: it was deleted, or is held for a moderator.
    static boolean isAway(TimelineEvent message) {
        return message.getDeletedAt() != null || Held.waits(message);
    }

    /// Whether an event is a message that is shown to all members with its content.
    boolean stands(TimelineEvent event) {
        return counts(event) && !isAway(event) && !expiry.gone(event);
    }

    /// Whether it is a message of the conversation; a reply that is shown in its thread alone is none.
    static boolean counts(TimelineEvent event) {
        return isMessage(event)
                && (event.getMessage().getThread() == null
                        || event.getMessage().getThread().getShowInConversation());
    }

    static boolean isMessage(TimelineEvent event) {
        return event.getKind().equals(EventKind.MESSAGE.word());
    }

    /// The lowest number from this one on that the reader may see and that is within the retention.
    long firstKept(long from) {
        long first = Math.max(from, access.firstSequence());
        List<TimelineEvent> next = range(first, 1);
        return next.isEmpty() || !expiry.retired(next.getFirst())
                ? first
                : firstWhere(next.getFirst().getSequenceNumber(), last + 1, event -> !expiry.retired(event));
    }

    /// The number that a moment stands for as the edge of a page: all entries before it, or after it, are on the same
    /// side of both. Time never goes back within a conversation.
    long edge(Order order, long millis) {
        long low = firstKept(1) - 1;
        return switch (order) {
            case NEWEST_FIRST ->
                firstWhere(low, last + 1, event -> event.getTimestamp().toEpochMilli() >= millis);
            case OLDEST_FIRST ->
                firstWhere(low, last + 1, event -> event.getTimestamp().toEpochMilli() > millis) - 1;
        };
    }

    List<TimelineEvent> range(long from, int limit) {
        return from > last ? List.of() : views.events(key, from, last, limit, Order.OLDEST_FIRST);
    }

    /// The lowest number above `low` whose next event meets a condition that all later ones meet; by binary
    /// search, in at most 63 steps.
    long firstWhere(long low, long high, Predicate<TimelineEvent> condition) {
        long below = low;
        long reached = high;
        while (below + 1 < reached) {
            long middle = below + (reached - below) / 2;
            List<TimelineEvent> next = range(middle, 1);
            if (next.isEmpty() || condition.test(next.getFirst())) {
                reached = middle;
            } else {
                below = next.getFirst().getSequenceNumber();
            }
        }
        return reached;
    }
}
