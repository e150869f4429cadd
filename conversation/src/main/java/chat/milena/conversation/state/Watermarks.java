package chat.milena.conversation.state;

import chat.milena.schemas.word.ReceiptKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The watermarks of one member of a conversation, and since when; 0 and null without any. Immutable.
///
/// A watermark only moves forward: read never exceeds delivered, and neither goes back.
///
/// @param unreadFrom the number from which on the member has marked the conversation as unread; the next read ends
/// it
public record Watermarks(
        long delivered,
        @Nullable Instant deliveredAt,
        long read,
        @Nullable Instant readAt,
        @Nullable Long unreadFrom) {
    /// The watermarks of a new member.
    public static final Watermarks NONE = new Watermarks(0, null, 0, null);

    /// The watermarks of a member who has not marked it as unread.
    public Watermarks(long delivered, @Nullable Instant deliveredAt, long read, @Nullable Instant readAt) {
        this(delivered, deliveredAt, read, readAt, null);
    }

    public Watermarks {
        if (read < 0 || read > delivered) {
            throw new BrokenInvariantException("Read up to " + read + ", delivered up to " + delivered);
        }
    }

    /// The watermark of this kind.
    public long upTo(ReceiptKind kind) {
        return switch (kind) {
            case DELIVERED -> delivered;
            case READ -> read;
        };
    }

    /// Since when the watermark of this kind has its value; null without one.
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
