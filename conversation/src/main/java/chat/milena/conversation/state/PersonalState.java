package chat.milena.conversation.state;

import chat.milena.schemas.avro.MessageDraft;
import org.jspecify.annotations.Nullable;

/// One user's own state of one conversation. It outlives the membership. Immutable.
///
/// @param hiddenAtOrdinal how many messages others had been shown when it was hidden; null if it is not
/// @param clearedUpTo the number up to which it is cleared for them; 0 for none
/// @param notificationLevel what they are notified of by push; null for their own settings
public record PersonalState(
        boolean archived,
        boolean pinned,
        @Nullable Long hiddenAtOrdinal,
        long clearedUpTo,
        @Nullable MessageDraft draft,
        @Nullable String notificationLevel) {
    /// The state of a user who never set any.
    public static final PersonalState NONE = new PersonalState(false, false, null, 0, null, null);

    /// The same, no longer hidden.
    public PersonalState toShown() {
        return hiddenAtOrdinal == null
                ? this
                : new PersonalState(archived, pinned, null, clearedUpTo, draft, notificationLevel);
    }

    /// Whether it is hidden from the user: the next message that others are shown ends that.
    ///
    /// @param shownOrdinal how many messages others have been shown
    public boolean isHiddenAt(long shownOrdinal) {
        return isHidden(hiddenAtOrdinal, shownOrdinal);
    }

    /// The same for values from elsewhere.
    public static boolean isHidden(@Nullable Long hiddenAtOrdinal, long shownOrdinal) {
        return hiddenAtOrdinal != null && shownOrdinal <= hiddenAtOrdinal;
    }
}
