package chat.milena.conversation.moderation;

import chat.milena.conversation.command.Answer.Detail.Banned;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.AddMembers;
import chat.milena.conversation.command.Command.Block;
import chat.milena.conversation.command.Command.ChangeRole;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.Decide;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.Flag;
import chat.milena.conversation.command.Command.FollowThread;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Command.Mute;
import chat.milena.conversation.command.Command.PinMessage;
import chat.milena.conversation.command.Command.ReactToMessage;
import chat.milena.conversation.command.Command.ReadThread;
import chat.milena.conversation.command.Command.RemoveMember;
import chat.milena.conversation.command.Command.Report;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Command.Update;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.FirstSend;
import chat.milena.schemas.word.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Decides which commands of a banned user are rejected. Pure.
///
/// These are all that would take a number, except those that take back: leaving a group and deleting an own
/// message. It is decided first, so a resend is rejected too, and a rejected messageId stays free. Moderators are
/// not stopped: their role stands in their token alone, so nobody who bans them can know it.
public final class BanRules {
    private BanRules() {}

    /// The rejection; null if the command may continue.
    public static @Nullable Changes refusal(Command command, Lookups lookups, Instant now) {
        if (!mayStop(command) || command.actor().moderates()) {
            return null;
        }
        Banned ban = lookups.ban(command.userId(), now);
        return ban == null || takesBack(command, lookups)
                ? null
                : Changes.none(new Rejected(Refusal.BANNED.code(), Refusal.BANNED.reason(), ban));
    }

    private static boolean mayStop(Command command) {
        return switch (command) {
            case CreateConversation create -> true;
            case SendMessage send -> true;
            case EditMessage edit -> true;
            case DeleteMessage delete -> true;
            case ReactToMessage react -> true;
            case PinMessage pin -> true;
            case Update update -> true;
            case AddMembers add -> true;
            case RemoveMember remove -> true;
            case ChangeRole change -> true;
            case Block block -> false;
            case Report report -> false;
            case Flag flag -> false;
            case Decide decide -> false;
            case FollowThread follow -> false;
            case ReadThread read -> false;
            case MarkReceipt mark -> false;
            case Mute mute -> false;
            case Keep keep -> false;
        };
    }

    private static boolean takesBack(Command command, Lookups lookups) {
        if (command instanceof RemoveMember remove) {
            return remove.memberId().equals(remove.userId());
        }
        if (command instanceof DeleteMessage delete) {
            FirstSend message = lookups.message(delete.messageId());
            return message != null && message.senderId().equals(delete.userId());
        }
        return false;
    }
}
