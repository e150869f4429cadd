package chat.milena.conversation.state;

import org.jspecify.annotations.Nullable;

/// How far the furthest of those who left had come, without their names: what was read stays read.
///
/// @param fromSequence the number of the event that brought the first of them in
public record FormerWatermarks(long delivered, long read, long fromSequence) {

    /// The same once one more has left; null if that changes nothing.
    ///
    /// @param before those of the others who left; null if there are none
    /// @param last how far this one had come
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
