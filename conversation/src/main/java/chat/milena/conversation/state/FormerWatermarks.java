package chat.milena.conversation.state;

import org.jspecify.annotations.Nullable;

/// The furthest watermarks of those who left, without their names: read messages stay read.
///
/// @param fromSequence the number of the event that added the first of them
public record FormerWatermarks(long delivered, long read, long fromSequence) {

    /// The same once one more has left; null if that changes nothing.
    ///
    /// @param before those of the others who left; null without any
    /// @param last the watermarks of this one
    public static @Nullable FormerWatermarks after(
            @Nullable FormerWatermarks before, Watermarks last, long joinedSequence) {
        if (last.delivered() < joinedSequence) {
            return null;
        }
        return before == null
                ? new FormerWatermarks(last.delivered(), last.read(), joinedSequence)
                : new FormerWatermarks(
                        Math.max(before.delivered, last.delivered()),
                        Math.max(before.read, last.read()),
                        Math.min(before.fromSequence, joinedSequence));
    }
}
