package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.syncapi.read.AccessRules.Granted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one reader may see of one conversation's events at one moment. For one thread.
///
/// Its end is fixed when it is opened: nothing is ever said of numbers beyond the newest event that the view held then,
/// so what is still on its way is never called missing. What the retention has taken is a prefix of the history, and is
/// passed over by halving; messages that expired one by one are walked over, at most [#GONE_SCAN_MAX] for a page.
final class Timeline {
    /// How many expired messages a page walks over. With more of them in a row it ends early, and says that there is
    /// more.
    static final int GONE_SCAN_MAX = 1_000;

    /// How far back the last message is looked for behind changes of the group and expired messages.
    static final int LAST_MESSAGE_SCAN_MAX = 200;

    private static final int BATCH = 64;

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
        // All of the history is gone: its end is the highest number that anything else tells of.
        Receipt own = views.receipt(new MemberKey(key, access.member().getUserId()));
        long known = own == null ? 0 : Math.max(own.getDeliveredUpToSequence(), own.getReadUpToSequence());
        long last = Math.max(known, access.conversation().getSequenceNumber());
        return new Timeline(views, key, access, expiry, null, last);
    }

    /// The number of the newest event.
    long last() {
        return last;
    }

    /// When the newest event happened that the retention has left; without any, when the conversation began.
    Instant lastEventAt() {
        return newest == null || expiry.retired(newest) ? access.conversation().getCreatedAt() : newest.getTimestamp();
    }

    /// A history that is gone belongs to an old conversation. That of a new one is on its way, and not missing.
    private boolean onItsWay() {
        return newest == null && !expiry.retired(access.conversation().getCreatedAt());
    }

    /// The entries before a number.
    Page newestFirst(long before, int limit) {
        long top = Math.min(before - 1, last);
        if (top < 1 || onItsWay()) {
            return Page.empty(Order.NEWEST_FIRST, 0);
        }
        List<TimelineEvent> entries = new ArrayList<>();
        int scanned = 0;
        int batch = limit + 1;
        long at = top;
        while (at >= access.firstSequence()) {
            List<TimelineEvent> events = views.events(key, access.firstSequence(), at, batch, Order.NEWEST_FIRST);
            for (TimelineEvent event : events) {
                long number = event.getSequenceNumber();
                if (expiry.retired(event)) {
                    return new Page(entries, Order.NEWEST_FIRST, 0, top, false);
                }
                if (expiry.gone(event)) {
                    scanned++;
                    if (scanned >= GONE_SCAN_MAX) {
                        return new Page(entries, Order.NEWEST_FIRST, number - 1, top, true);
                    }
                } else if (entries.size() == limit) {
                    return new Page(entries, Order.NEWEST_FIRST, number, top, true);
                } else {
                    entries.add(event);
                }
                at = number - 1;
            }
            if (events.size() < batch) {
                break;
            }
            batch = Math.max(batch, BATCH);
        }
        return new Page(entries, Order.NEWEST_FIRST, 0, top, false);
    }

    /// The entries after a number.
    ///
    /// @param charactersMax no further entry once those before weigh so much
    Page oldestFirst(long after, int limit, int charactersMax) {
        if (after >= last || onItsWay()) {
            return Page.empty(Order.OLDEST_FIRST, after);
        }
        List<TimelineEvent> entries = new ArrayList<>();
        int scanned = 0;
        long characters = 0;
        int batch = limit + 1;
        List<TimelineEvent> events = kept(after + 1, batch);
        while (true) {
            long number = last;
            for (TimelineEvent event : events) {
                number = event.getSequenceNumber();
                if (expiry.gone(event)) {
                    scanned++;
                    if (scanned >= GONE_SCAN_MAX && number < last) {
                        return new Page(entries, Order.OLDEST_FIRST, after, number, true);
                    }
                } else if (entries.size() == limit || characters >= charactersMax) {
                    return new Page(entries, Order.OLDEST_FIRST, after, number - 1, true);
                } else {
                    entries.add(event);
                    characters += EntryJson.characters(event);
                }
            }
            if (events.size() < batch || number >= last) {
                return new Page(entries, Order.OLDEST_FIRST, after, last, false);
            }
            batch = Math.max(batch, BATCH);
            events = views.events(key, number + 1, last, batch, Order.OLDEST_FIRST);
        }
    }

    /// How many messages there are behind this number: a subtraction of ordinals, whatever is gone in between.
    long messagesAfter(long number) {
        if (newest == null || number >= last) {
            return 0;
        }
        List<TimelineEvent> next = kept(number + 1, 1);
        return next.isEmpty() ? 0 : newest.getMessageOrdinal() - ordinalBefore(next.getFirst());
    }

    private static long ordinalBefore(TimelineEvent event) {
        return isMessage(event) ? event.getMessageOrdinal() - 1 : event.getMessageOrdinal();
    }

    /// The newest message that is shown; null if there is none among the newest [#LAST_MESSAGE_SCAN_MAX] events.
    @Nullable
    TimelineEvent lastMessage() {
        if (newest == null || newest.getMessageOrdinal() == 0) {
            return null;
        }
        List<TimelineEvent> events = List.of(newest);
        for (int scanned = 0; scanned < LAST_MESSAGE_SCAN_MAX && !events.isEmpty(); scanned += events.size()) {
            for (TimelineEvent event : events) {
                if (expiry.retired(event) || event.getSequenceNumber() < access.firstSequence()) {
                    return null;
                }
                if (isMessage(event) && !expiry.gone(event)) {
                    return event;
                }
            }
            long before = events.getLast().getSequenceNumber() - 1;
            events = before < 1 ? List.of() : views.events(key, 1, before, BATCH, Order.NEWEST_FIRST);
        }
        return null;
    }

    private static boolean isMessage(TimelineEvent event) {
        return event.getKind().equals(EventKind.MESSAGE.word());
    }

    /// The oldest events from this number on that the reader may see and the retention has left.
    private List<TimelineEvent> kept(long from, int limit) {
        long first = Math.max(from, access.firstSequence());
        List<TimelineEvent> events = range(first, limit);
        if (events.isEmpty() || !expiry.retired(events.getFirst())) {
            return events;
        }
        return range(afterRetired(events.getFirst().getSequenceNumber()), limit);
    }

    private List<TimelineEvent> range(long from, int limit) {
        return from > last ? List.of() : views.events(key, from, last, limit, Order.OLDEST_FIRST);
    }

    /// The lowest number behind all that the retention has taken, found by halving: at most 63 steps.
    private long afterRetired(long retired) {
        long low = retired;
        long high = last + 1;
        while (low + 1 < high) {
            long middle = low + (high - low) / 2;
            List<TimelineEvent> next = range(middle, 1);
            if (next.isEmpty() || !expiry.retired(next.getFirst())) {
                high = middle;
            } else {
                low = next.getFirst().getSequenceNumber();
            }
        }
        return high;
    }
}
