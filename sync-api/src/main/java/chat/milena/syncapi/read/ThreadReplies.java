package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.syncapi.read.Read.Order;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The replies of one thread that a reader may see at one moment, in pages by ordinal. For one thread of the machine.
///
/// A page walks over at most [Timeline#GONE_SCAN_MAX] replies that expired. With more of them it ends early, and says
/// that there is more.
final class ThreadReplies {
    private final ConversationViews views;
    private final ConversationKey key;
    private final String rootId;
    private final Timeline timeline;
    private final Expiry expiry;
    private final Reference newest;

    private ThreadReplies(
            ConversationViews views,
            ConversationKey key,
            String rootId,
            Timeline timeline,
            Expiry expiry,
            Reference newest) {
        this.views = views;
        this.key = key;
        this.rootId = rootId;
        this.timeline = timeline;
        this.expiry = expiry;
        this.newest = newest;
    }

    /// The thread of a message; null if it has none that is known, the message has another number than the given one,
    /// or the reader may not read it.
    static @Nullable ThreadReplies of(
            ConversationViews views, ConversationKey key, Read.Named root, Timeline timeline, Expiry expiry) {
        String rootId = root.messageId();
        List<Reference> newest = new ArrayList<>(1);
        views.references(new ReferenceKey(key, rootId, 1), Long.MAX_VALUE, Order.NEWEST_FIRST, reply -> {
            // The list may be a moment ahead of the events.
            if (reply.getSequenceNumber() <= timeline.last()) {
                newest.add(reply);
            }
            return newest.isEmpty();
        });
        if (newest.isEmpty()) {
            return null;
        }
        long number = newest.getFirst().getRootSequence();
        boolean isIt = root.sequenceNumber() == null || root.sequenceNumber() == number;
        return isIt && timeline.mayRead(number)
                ? new ThreadReplies(views, key, rootId, timeline, expiry, newest.getFirst())
                : null;
    }

    static long ordinal(TimelineEvent reply) {
        return reply.getMessage().getThread().getOrdinal();
    }

    /// A page; its numbers are ordinals.
    ///
    /// @param edge newest first, the replies before this ordinal; oldest first, those after it
    Page page(Order order, long edge, Page.Bound bound) {
        long last = newest.getNumber();
        long from = order == Order.OLDEST_FIRST ? edge + 1 : 1;
        long to = order == Order.OLDEST_FIRST ? last : Math.min(edge - 1, last);
        if (to < from) {
            return Page.empty(order, edge);
        }
        Gathering page = new Gathering(bound, order == Order.OLDEST_FIRST ? edge : to + 1);
        views.references(new ReferenceKey(key, rootId, from), to, order, page::takes);
        return switch (order) {
            case OLDEST_FIRST -> new Page(page.entries, order, edge, page.isFull ? page.passed : to, page.isFull);
            case NEWEST_FIRST -> new Page(page.entries, order, page.isFull ? page.passed - 1 : 0, to, page.isFull);
        };
    }

    /// How many replies a follower has not read: a subtraction of ordinals, less those that expired or were deleted
    /// among the newest [Unread#READS_MAX] of them.
    ///
    /// @param last the ordinal of the last reply
    static long unread(ConversationViews views, ConversationKey key, Expiry expiry, Read.Followed thread, long last) {
        long from = Math.max(thread.readUpToOrdinal() + 1, last - Unread.READS_MAX + 1);
        if (from > last) {
            return 0;
        }
        long[] standing = {0};
        views.references(new ReferenceKey(key, thread.rootId(), from), last, Order.OLDEST_FIRST, reply -> {
            standing[0] += reply.getDeleted() || expiry.gone(reply) ? 0 : 1;
            return true;
        });
        return from - 1 - thread.readUpToOrdinal() + standing[0];
    }

    /// Takes replies one by one until the page is full.
    private final class Gathering {
        private final Page.Bound bound;
        private final List<TimelineEvent> entries = new ArrayList<>();
        private long bytes;
        private int passedOver;
        /// The ordinal beside the first one that it may take, then that of the last one that it has seen.
        private long passed;
        private boolean isFull;

        private Gathering(Page.Bound bound, long passed) {
            this.bound = bound;
            this.passed = passed;
        }

        private boolean takes(Reference reply) {
            TimelineEvent event = expiry.gone(reply) ? null : timeline.entryOfMessage(reply.getSequenceNumber());
            if (event == null) {
                isFull = ++passedOver >= Timeline.GONE_SCAN_MAX;
            } else {
                long more = EntryBytes.of(event);
                if (!bound.admits(entries.size(), bytes, more)) {
                    isFull = true;
                    return false;
                }
                entries.add(event);
                bytes += more;
            }
            passed = reply.getNumber();
            return !isFull;
        }
    }
}
