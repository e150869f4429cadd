package chat.milena.conversation.state;

import chat.milena.schemas.avro.MessageDraft;
import org.jspecify.annotations.Nullable;

/// What one person keeps of one conversation for themselves. It outlives the membership. Immutable.
///
/// @param hiddenAtOrdinal how many messages there were when it was hidden; null where it is not
/// @param clearedUpTo up to which number it is gone for them; 0 for nothing of it
public record PersonalState(
        boolean archived,
        boolean pinned,
        @Nullable Long hiddenAtOrdinal,
        long clearedUpTo,
        @Nullable MessageDraft draft) {
    /// Of a person who keeps nothing of it.
    public static final PersonalState NONE = new PersonalState(false, false, null, 0, null);

    /// Whether it is hidden from the person: the next message ends that.
    ///
    /// @param messageOrdinal how many messages the conversation has
    public boolean isHiddenAt(long messageOrdinal) {
        return isHidden(hiddenAtOrdinal, messageOrdinal);
    }

    /// The same of what was read of it elsewhere.
    public static boolean isHidden(@Nullable Long hiddenAtOrdinal, long messageOrdinal) {
        return hiddenAtOrdinal != null && messageOrdinal <= hiddenAtOrdinal;
    }
}
