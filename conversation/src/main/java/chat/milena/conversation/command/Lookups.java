package chat.milena.conversation.command;

import chat.milena.conversation.command.Answer.Detail.Banned;
import chat.milena.conversation.state.EmojiUse;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.OwnReactions;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.ReportedMessage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lookups of the rules in one conversation beside its state, which would be too much to load for each command.
///
/// Reads only, with the same answers while a command is decided. Each lookup may read from disk, so the rules make
/// them only for members: names from outsiders cost nothing, but for one lookup of the id of a sent message, which may
/// be a resend of who left since.
public interface Lookups {

    /// The message that this messageId already stands for; null without one.
    @Nullable
    FirstSend message(String messageId);

    /// The sender of the message of this number; null if there is no such message, or nothing noted its sender.
    @Nullable
    String sender(long sequenceNumber);

    /// What this user added to the message of this number.
    OwnReactions reactions(long sequenceNumber, String userId);

    /// Who has an emoji on the message of this number, oldest first; at most [EmojiUse#KEPT_MAX] of them.
    ///
    /// @param place of the emoji
    /// @param without not this user
    List<String> reactors(long sequenceNumber, int place, String without);

    /// The pinned messages, oldest pin first.
    List<PinnedMessage> pins();

    /// The watermarks of this user; [Watermarks#NONE] without any.
    Watermarks watermarks(String userId);

    /// The furthest watermarks of those who left; null without any.
    @Nullable
    FormerWatermarks formerWatermarks();

    /// This user's own state of the conversation; [PersonalState#NONE] without one.
    PersonalState personal(String userId);

    /// What is known of a message that was reported or decided on; null for any other.
    @Nullable
    ReportedMessage report(String messageId);

    /// The ban of this user, in the tenant or here, that holds at a moment and ends last; null without one.
    @Nullable
    Banned ban(String userId, Instant now);

    /// Whether the list of bans takes one more of this user: there is room, or it has one of the same scope.
    ///
    /// @param here whether the ban is from this conversation alone
    boolean mayBan(String userId, boolean here);

    /// Whether rules may put one more message into the queue of the moderators.
    ///
    /// @param most open messages of the tenant up to which they may
    boolean mayQueue(int most);

    /// Whether one more message of this conversation may wait for a moderator.
    ///
    /// @param most messages of it that wait, up to which it may
    boolean mayHold(int most);

    /// When this user last sent a message while slow mode held for them; null if that was never.
    @Nullable
    Instant lastSent(String userId);

    /// Whether this user has blocked the other person of a direct conversation that is not there.
    boolean hasBlocked(String userId);

    /// How this user follows the thread of a message; null if they do not.
    @Nullable
    Follow follow(String rootId, String userId);

    /// The threads that this user follows; at most [Follow#ENDED_MAX] of them.
    List<Follow> follows(String userId);

    /// Whether this user left by themselves and is not back.
    boolean hasLeft(String userId);
}
