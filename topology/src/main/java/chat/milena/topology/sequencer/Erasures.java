package chat.milena.topology.sequencer;

import chat.milena.schemas.key.ConversationKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Sees to it that what was overwritten can be erased: Kafka closes a segment of a log only when a record
/// comes after its time, and compacts closed ones alone. In a partition in which nothing more is written a
/// former content would stay for ever, so some records that say nothing are written after it. For the stream
/// thread alone.
///
/// It knows what was overwritten since the task began.
final class Erasures {
    /// The first may come too soon after the overwriting to find the segment's time over.
    private static final int RECORDS = 2;

    private final Emitter emitter;
    private @Nullable ConversationKey overwritten;
    private int due;

    Erasures(Emitter emitter) {
        this.emitter = emitter;
    }

    /// A record of this conversation was overwritten.
    void noted(ConversationKey conversation) {
        overwritten = conversation;
        due = RECORDS;
    }

    /// Once in each life of a segment.
    void tick(Instant now) {
        if (overwritten != null && due > 0) {
            due--;
            emitter.nothing(overwritten, now);
        }
    }
}
