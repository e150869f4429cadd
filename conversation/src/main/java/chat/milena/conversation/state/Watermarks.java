package chat.milena.conversation.state;

import chat.milena.schemas.word.ReceiptKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far one member has come in a conversation, and since when; 0 and null are nowhere yet. Immutable.
///
/// Each move goes forward or nowhere: read never passes delivered, and neither goes back.
///
/// @param unreadFrom from which number on its member wants the conversation to count as unread; the next read ends it
public record Watermarks(
        long delivered,
        @Nullable Instant deliveredAt,
        long read,
        @Nullable Instant readAt,
        @Nullable Long unreadFrom) {
    /// Of a member who has come nowhere.
    public static final Watermarks NONE = new Watermarks(0, null, 0, null);

    /// Of a member who has not marked it as unread.
    public Watermarks(long delivered, @Nullable Instant deliveredAt, long read, @Nullable Instant readAt) {
        this(delivered, deliveredAt, read, readAt, null);
    }

    public Watermarks {
        if (read < 0 || read > delivered) {
            throw new BrokenInvariantException("Read up to " + read + ", delivered up to " + delivered);
        }
    }

    /// How far its member has come in this respect.
    public long upTo(ReceiptKind kind) {
        return switch (kind) {
            case DELIVERED -> delivered;
            case READ -> read;
        };
    }

    /// Since when its member has come so far in this respect; null if nowhere.
    public @Nullable Instant since(ReceiptKind kind) {
        return switch (kind) {
            case DELIVERED -> deliveredAt;
            case READ -> readAt;
        };
    }

    public Watermarks toDelivered(long upTo, Instant at) {
        return upTo <= delivered ? this : new Watermarks(upTo, later(at, deliveredAt), read, readAt, unreadFrom);
    }

    public Watermarks toRead(long upTo, Instant at) {
        if (upTo <= read) {
            return toUnread(null);
        }
        Watermarks there = toDelivered(upTo, at);
        return new Watermarks(there.delivered, there.deliveredAt, upTo, later(at, readAt));
    }

    /// The same, marked as unread from a number on.
    ///
    /// @param from null ends it
    public Watermarks toUnread(@Nullable Long from) {
        return new Watermarks(delivered, deliveredAt, read, readAt, from);
    }

    private static Instant later(Instant at, @Nullable Instant before) {
        return before == null || at.isAfter(before) ? at : before;
    }
}
