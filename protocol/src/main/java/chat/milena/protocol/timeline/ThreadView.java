package chat.milena.protocol.timeline;

import chat.milena.schemas.avro.ThreadSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The thread of a message.
///
/// @param replyCount the ordinal of its last reply; neither deletion nor expiry lowers it
/// @param lastReplyAt milliseconds since 1970
/// @param participantIds who wrote the latest replies, at most 5, the last one first
public record ThreadView(long replyCount, long lastReplyAt, List<String> participantIds) {

    /// The thread of a message that has one.
    public static @Nullable ThreadView of(@Nullable ThreadSummary thread) {
        return thread == null
                ? null
                : new ThreadView(
                        thread.getReplyCount(), thread.getLastReplyAt().toEpochMilli(), thread.getParticipantIds());
    }
}
