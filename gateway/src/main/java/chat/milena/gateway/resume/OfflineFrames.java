package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.EventFrames;
import chat.milena.gateway.delivery.MessageChanges;
import chat.milena.gateway.delivery.MovedReceipts;
import chat.milena.gateway.delivery.OwnFrames;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Word;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes frames of the missed deliveries of one user: messages of a conversation are grouped, changes of it come
/// as they came live, and of each reader's receipts only the furthest. For one thread.
final class OfflineFrames {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineFrames.class);
    private static final int ENTRIES_MAX = 50;
    /// So that a frame of large messages is no larger than a burst.
    private static final int TEXT_CHARACTERS_MAX = 64 * 1024;

    private final String userId;
    private final MessageChanges changes;
    private final Clock clock;
    private final Consumer<Supplier<@Nullable ServerFrame>> due;
    private final Map<String, Gathered> gathered = new LinkedHashMap<>();

    private record Reader(String kind, String userId) {}

    private static final class Gathered {
        private final List<TimelineEvent> events = new ArrayList<>();
        private final Map<Reader, MovedReceipt> receipts = new LinkedHashMap<>();
        private int characters;
    }

    /// @param changes within all missed deliveries
    /// @param due takes the frames, in order, to be encoded later
    OfflineFrames(String userId, MessageChanges changes, Clock clock, Consumer<Supplier<@Nullable ServerFrame>> due) {
        this.userId = userId;
        this.changes = changes;
        this.clock = clock;
        this.due = due;
    }

    /// The next missed delivery.
    void add(Delivery delivery) {
        String conversationId = delivery.getConversationId();
        Supplier<ServerFrame> own = OwnFrames.of(delivery);
        if (own != null) {
            // The earlier messages of the conversation decide what is hidden or unread.
            Gathered earlier = gathered.get(conversationId);
            if (earlier != null) {
                flush(conversationId, earlier);
            }
            due.accept(() -> own.get());
            return;
        }
        Gathered here = gathered.computeIfAbsent(conversationId, none -> new Gathered());
        TimelineEvent event = delivery.getEvent();
        if (event == null) {
            addReceipt(conversationId, here, delivery.getReceipt());
            return;
        }
        if (event.getMessage() != null) {
            addEntry(conversationId, here, changes.shown(event));
            return;
        }
        if (changes.isOver(delivery, clock.instant())) {
            addEntry(conversationId, here, event);
            return;
        }
        if (event.getChange() != null) {
            flushEvents(conversationId, here);
            due.accept(() ->
                    EventFrames.of(changes.shown(delivery, clock.instant())).frameFor(userId));
            return;
        }
        // Members who leave with this event get nothing of the conversation after it.
        flush(conversationId, here);
        gathered.remove(conversationId);
        due.accept(() -> {
            ServerFrame frame = EventFrames.of(delivery).frameFor(userId);
            return frame == null
                    ? ServerFrames.messagesOffline(conversationId, userId, List.of(event), List.of())
                    : frame;
        });
    }

    private void addEntry(String conversationId, Gathered here, TimelineEvent event) {
        here.events.add(event);
        here.characters += characters(event);
        if (here.events.size() == ENTRIES_MAX || here.characters >= TEXT_CHARACTERS_MAX) {
            flushEvents(conversationId, here);
        }
    }

    private static int characters(TimelineEvent event) {
        if (event.getMessage() == null) {
            return 0;
        }
        String text = event.getMessage().getContent().getText();
        String metadata = event.getMessage().getContent().getMetadata();
        return (text == null ? 0 : text.length()) + (metadata == null ? 0 : metadata.length());
    }

    private void addReceipt(String conversationId, Gathered here, MovedReceipt receipt) {
        Reader reader = new Reader(receipt.getKind(), receipt.getUserId());
        MovedReceipt before = here.receipts.get(reader);
        if (before == null) {
            here.receipts.put(reader, receipt);
            return;
        }
        MovedReceipt together = MovedReceipts.together(before, receipt);
        if (MovedReceipts.fitsAFrame(together)) {
            here.receipts.put(reader, together);
            return;
        }
        flushEvents(conversationId, here);
        due.accept(() -> receiptFrame(conversationId, before));
        here.receipts.put(reader, receipt);
    }

    /// Sends what is still collected.
    ///
    /// @return whether there was anything
    boolean flush() {
        boolean any = !gathered.isEmpty();
        gathered.forEach(this::flush);
        gathered.clear();
        return any;
    }

    private void flush(String conversationId, Gathered here) {
        flushEvents(conversationId, here);
        for (MovedReceipt receipt : here.receipts.values()) {
            due.accept(() -> receiptFrame(conversationId, receipt));
        }
        here.receipts.clear();
    }

    private void flushEvents(String conversationId, Gathered here) {
        if (here.events.isEmpty()) {
            return;
        }
        List<TimelineEvent> events = List.copyOf(here.events);
        here.events.clear();
        here.characters = 0;
        due.accept(() -> entries(conversationId, events));
    }

    /// Expired entries are named, not shown.
    private ServerFrame entries(String conversationId, List<TimelineEvent> events) {
        List<TimelineEvent> shown = new ArrayList<>();
        List<Long> expired = new ArrayList<>();
        for (TimelineEvent event : events) {
            if (isExpired(event, clock.instant())) {
                expired.add(event.getSequenceNumber());
            } else {
                shown.add(event);
            }
        }
        return ServerFrames.messagesOffline(conversationId, userId, shown, expired);
    }

    /// This frame; null if it is absent or cannot be encoded: such a frame is skipped live too.
    static @Nullable ServerFrame orPassedOver(Supplier<@Nullable ServerFrame> frame) {
        try {
            return frame.get();
        } catch (RuntimeException e) {
            LOG.error("Skipped a missed frame", e);
            return null;
        }
    }

    /// Whether it is a message that is no longer shown.
    static boolean isExpired(TimelineEvent event, Instant now) {
        return event.getMessage() != null
                && event.getMessage().getExpiresAt() != null
                && !event.getMessage().getExpiresAt().isAfter(now);
    }

    /// The frame of one receipt, as it is sent live; null for an unknown kind.
    static @Nullable ServerFrame receiptFrame(String conversationId, MovedReceipt receipt) {
        ReceiptKind kind = Word.parse(ReceiptKind.class, receipt.getKind()).orElse(null);
        return kind == null ? null : ServerFrames.receipt(kind, conversationId, receipt);
    }
}
