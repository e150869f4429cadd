package chat.milena.conversation.state;

/// A thread that a member follows. Immutable.
///
/// @param rootId the message that begins it
/// @param rootSequence its number
/// @param readUpToOrdinal replies up to this one are read
public record Follow(String userId, String rootId, long rootSequence, long readUpToOrdinal) {
    /// Maximum number that end when the member leaves, since all of them are written in one transaction.
    public static final int ENDED_MAX = 1_000;

    /// The same, read up to there if that is further.
    public Follow toRead(long upToOrdinal) {
        return upToOrdinal <= readUpToOrdinal ? this : new Follow(userId, rootId, rootSequence, upToOrdinal);
    }
}
