package chat.milena.conversation.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The thread of a message. Immutable.
///
/// @param replyCount the ordinal of the last reply; neither deletion nor expiry lowers it
/// @param participantIds who wrote the latest replies, the last one first
public record ThreadState(long replyCount, Instant lastReplyAt, List<String> participantIds) {
    private static final int PARTICIPANTS_MAX = 5;

    public ThreadState {
        participantIds = List.copyOf(participantIds);
    }

    /// The thread with one reply more.
    ///
    /// @param before null for the first reply
    public static ThreadState after(@Nullable ThreadState before, String senderId, Instant at) {
        List<String> participants = new ArrayList<>();
        participants.add(senderId);
        if (before != null) {
            before.participantIds.stream()
                    .filter(userId -> !userId.equals(senderId))
                    .limit(PARTICIPANTS_MAX - 1L)
                    .forEach(participants::add);
        }
        return new ThreadState(before == null ? 1 : before.replyCount + 1, at, participants);
    }
}
