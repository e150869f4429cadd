package chat.milena.topology.conversation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far one member has come in a conversation, and since when; 0 and null are nowhere yet. Immutable.
///
/// Each move goes forward or nowhere: read never passes delivered, and neither goes back.
public record Watermarks(
        long delivered,
        @Nullable Instant deliveredAt,
        long read,
        @Nullable Instant readAt) {
    /// Who has come nowhere.
    public static final Watermarks NONE = new Watermarks(0, null, 0, null);

    public Watermarks {
        if (read < 0 || read > delivered) {
            throw new BrokenInvariantException("Read up to " + read + ", delivered up to " + delivered);
        }
    }

    Watermarks toDelivered(long upTo, Instant at) {
        return upTo <= delivered ? this : new Watermarks(upTo, later(at, deliveredAt), read, readAt);
    }

    Watermarks toRead(long upTo, Instant at) {
        if (upTo <= read) {
            return this;
        }
        Watermarks there = toDelivered(upTo, at);
        return new Watermarks(there.delivered, there.deliveredAt, upTo, later(at, readAt));
    }

    private static Instant later(Instant at, @Nullable Instant before) {
        return before == null || at.isAfter(before) ? at : before;
    }
}
