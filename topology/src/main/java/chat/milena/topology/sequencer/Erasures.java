package chat.milena.topology.sequencer;

import chat.milena.schemas.key.ConversationKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Makes overwritten records erasable: Kafka closes a segment of a log only when a record comes after its time,
/// and compacts only closed ones. In a partition without further writes an earlier content would stay forever, so
/// some empty records are written after it. For the stream thread.
///
/// It knows the records that were overwritten since the task began.
final class Erasures {
    /// The first may come too soon after the overwrite to end the segment.
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
