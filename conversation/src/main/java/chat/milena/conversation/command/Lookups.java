package chat.milena.conversation.command;

import chat.milena.conversation.state.EmojiUse;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.OwnReactions;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.Watermarks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the rules may look up of one conversation beside its state, which would be too much to load for each command.
///
/// Reads only, and gives the same answers for as long as a command is decided. Each look-up may read from disk, so the
/// rules make them for members alone: what outsiders name costs nothing.
public interface Lookups {

    /// What this messageId already stands for; null if nothing.
    @Nullable
    FirstSend message(String messageId);

    /// What this user added to the message of this number.
    OwnReactions reactions(long sequenceNumber, String userId);

    /// Who has an emoji on the message of this number, oldest first; at most [EmojiUse#KEPT_MAX] of them.
    ///
    /// @param place of the emoji
    /// @param without not this user
    List<String> reactors(long sequenceNumber, int place, String without);

    /// The pinned messages, oldest pin first.
    List<PinnedMessage> pins();

    /// How far this user has come; [Watermarks#NONE] if nowhere.
    Watermarks watermarks(String userId);

    /// How far those who left had come; null if there are none.
    @Nullable
    FormerWatermarks formerWatermarks();

    /// What this user keeps of it for themselves; [PersonalState#NONE] if nothing.
    PersonalState personal(String userId);

    /// Whether this user has blocked the other person of a direct conversation that is not there.
    boolean hasBlocked(String userId);

    /// Whether this user left by themselves and is not back.
    boolean hasLeft(String userId);
}
