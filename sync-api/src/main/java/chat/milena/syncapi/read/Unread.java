package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.syncapi.read.Read.Order;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The unread messages of a member in a conversation: those after one number. For one thread.
///
/// There is no stored counter: messages are a difference of ordinals, less the entries of the list of deleted
/// messages, which holds those that wait for a moderator too; mentions are the entries of two lists after the number.
/// Expired, deleted and held ones do not count.
///
/// @param after the last number that the member has read
record Unread(
        Timeline timeline, ConversationViews views, ConversationKey key, String userId, Expiry expiry, long after) {
    /// How many events are checked for uncounted messages, and how many entries of each list of mentions.
    static final int READS_MAX = 1_000;

    /// After this many uncounted events, binary search finds the next message.
    private static final int STRETCH = 16;

    /// How many messages. Those with an `expiresAt` and deleted ones are subtracted, and checked one by one,
    /// among the newest [#READS_MAX] events. Behind these the list of [Deleted] says what was deleted, and
    /// nothing with an `expiresAt` counts.
    long messages() {
        TimelineEvent newest = timeline.newest();
        List<TimelineEvent> next = newest == null || after >= timeline.last()
                ? List.of()
                : timeline.range(timeline.firstKept(after + 1), 1);
        if (newest == null || next.isEmpty()) {
            return 0;
        }
        TimelineEvent first = next.getFirst();
        long messages = newest.getMessageOrdinal() - ordinalBefore(first);
        long expiringBefore = Timeline.expires(first) ? first.getExpiringOrdinal() - 1 : first.getExpiringOrdinal();
        long expiring = newest.getExpiringOrdinal() - expiringBefore;
        long deletions = Timeline.takenAway(newest) - Timeline.takenAway(first) + (Timeline.takesAway(first) ? 1 : 0);
        if (expiring == 0 && deletions == 0) {
            return messages;
        }
        Uncounted uncounted = new Uncounted(first.getSequenceNumber(), expiring, deletions);
        views.events(
                key,
                first.getSequenceNumber(),
                timeline.last(),
                Order.NEWEST_FIRST,
                event -> uncounted.goesOn(event, expiry));
        return messages
                - expiring
                + uncounted.shownOfExpiring
                - uncounted.deletedOfLasting
                - deleted(first.getSequenceNumber(), uncounted.unread).count();
    }

    private Deleted deleted(long from, long to) {
        return Deleted.of(views, key, from, to);
    }

    private static long ordinalBefore(TimelineEvent event) {
        return Timeline.counts(event) ? event.getMessageOrdinal() - 1 : event.getMessageOrdinal();
    }

    /// The number of the first message. If the first [#READS_MAX] events do not count, it is the first one without an
    /// `expiresAt` behind them; null without one.
    @Nullable
    Long first() {
        long from = timeline.firstKept(after + 1);
        for (int read = 0; read < READS_MAX && from <= timeline.last(); read += STRETCH) {
            First first = new First();
            views.events(key, from, timeline.last(), Order.OLDEST_FIRST, first::goesOn);
            TimelineEvent last = first.last;
            if (first.found != null || first.read < STRETCH || last == null) {
                return first.found;
            }
            from = timeline.firstWhere(
                    last.getSequenceNumber(),
                    timeline.last() + 1,
                    event -> event.getMessageOrdinal() > last.getMessageOrdinal());
        }
        return firstLasting(from);
    }

    private @Nullable Long firstLasting(long from) {
        List<TimelineEvent> next = timeline.range(from, 1);
        if (next.isEmpty()) {
            return null;
        }
        long before = Timeline.lasting(next.getFirst()) - (Timeline.lasts(next.getFirst()) ? 1 : 0);
        Deleted deleted = deleted(from, timeline.last());
        List<TimelineEvent> first = timeline.range(
                timeline.firstWhere(
                        from - 1,
                        timeline.last() + 1,
                        event -> Timeline.lasting(event) - before
                                > deleted.count() - deleted.from(event.getSequenceNumber() + 1)),
                1);
        return first.isEmpty() || !timeline.stands(first.getFirst())
                ? null
                : first.getFirst().getSequenceNumber();
    }

    /// Searches for a message in a run of events.
    private final class First {
        private int read;
        private @Nullable TimelineEvent last;
        private @Nullable Long found;

        private boolean goesOn(TimelineEvent event) {
            last = event;
            found = timeline.stands(event) ? event.getSequenceNumber() : null;
            return found == null && ++read < STRETCH;
        }
    }

    /// How many messages mention the member or all, at most [#READS_MAX] of each.
    long mentions() {
        return mentions(Ids.mentionsOf(userId)) + mentions(Ids.MENTIONS_OF_ALL);
    }

    private long mentions(String list) {
        Mentions mentions = new Mentions();
        views.references(new ReferenceKey(key, list, after + 1), Long.MAX_VALUE, Order.OLDEST_FIRST, mentions::goesOn);
        return mentions.counted;
    }

    /// Counts the mentions of one list.
    private final class Mentions {
        private int read;
        private long counted;

        private boolean goesOn(Reference mention) {
            counted += expiry.gone(mention) || mention.getSenderId().equals(userId) ? 0 : 1;
            return ++read < READS_MAX;
        }
    }

    /// Searches backwards from the newest event for messages that the difference of ordinals cannot exclude: those
    /// with an `expiresAt`, those that a later event deleted, and those that are held for a moderator.
    private static final class Uncounted {
        private final long first;
        private long expiring;
        private long deletions;
        /// The messages that later events took away. As large as what is read.
        private final Set<Long> targets = new HashSet<>();
        private int read;
        /// The last number that was not read, but may be that of a deleted message; 0 if there is none.
        private long unread;
        private long shownOfExpiring;
        private long deletedOfLasting;

        /// @param expiring how many messages from the first number on have an `expiresAt`
        /// @param deletions how many events from the first number on take a message away, which may be older
        private Uncounted(long first, long expiring, long deletions) {
            this.first = first;
            this.expiring = expiring;
            this.deletions = deletions;
        }

        private boolean goesOn(TimelineEvent event, Expiry expiry) {
            deletions -= Timeline.takesAway(event) ? 1 : 0;
            if (Timeline.isMessage(event)) {
                boolean deleted = Timeline.isAway(event);
                targets.remove(event.getSequenceNumber());
                if (Timeline.expires(event)) {
                    expiring--;
                    shownOfExpiring += deleted || expiry.gone(event) ? 0 : 1;
                } else if (Timeline.counts(event)) {
                    deletedOfLasting += deleted ? 1 : 0;
                }
            } else if (Timeline.takesAway(event) && event.getChange().getTargetSequence() >= first) {
                targets.add(event.getChange().getTargetSequence());
            }
            boolean more = expiring > 0 || deletions > 0 || !targets.isEmpty();
            unread = more ? event.getSequenceNumber() - 1 : 0;
            return more && ++read < READS_MAX;
        }
    }

    /// The deleted and held messages without an `expiresAt` in a range of a conversation: the newest [#READS_MAX]
    /// of the list that the sequencer keeps. Immutable.
    ///
    /// A record of that list is small, and a run of deletions has at least two events for each. Messages that an
    /// older release deleted are not in it.
    static final class Deleted {
        static final int READS_MAX = 10_000;

        private final long[] numbers;

        private Deleted(long[] numbers) {
            this.numbers = numbers;
        }

        static Deleted of(ConversationViews views, ConversationKey key, long from, long to) {
            if (to < from) {
                return new Deleted(new long[0]);
            }
            long[] found = new long[READS_MAX];
            int[] read = {0};
            views.references(new ReferenceKey(key, Ids.DELETED, from), to, Order.NEWEST_FIRST, deleted -> {
                found[READS_MAX - ++read[0]] = deleted.getNumber();
                return read[0] < READS_MAX;
            });
            return new Deleted(Arrays.copyOfRange(found, READS_MAX - read[0], READS_MAX));
        }

        int count() {
            return numbers.length;
        }

        /// How many of them have this number or a higher one.
        int from(long number) {
            int at = Arrays.binarySearch(numbers, number);
            return numbers.length - (at < 0 ? -at - 1 : at);
        }
    }
}
