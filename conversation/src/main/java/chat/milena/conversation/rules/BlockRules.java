package chat.milena.conversation.rules;

import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Change.BlockDeleted;
import chat.milena.conversation.command.Change.BlockNoted;
import chat.milena.conversation.command.Change.MembershipChanged;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.Block;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.FollowThread;
import chat.milena.conversation.command.Command.GroupCommand;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Command.MemberCommand;
import chat.milena.conversation.command.Command.Mute;
import chat.milena.conversation.command.Command.PinMessage;
import chat.milena.conversation.command.Command.ReactToMessage;
import chat.milena.conversation.command.Command.ReadThread;
import chat.milena.conversation.command.Command.Report;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Refusal;
import java.time.Instant;
import java.util.List;

/// Decides what a block does to the direct conversation of its two people. Pure.
///
/// A block is no event: it takes no number, and the other person is not notified. Where there is no conversation yet it
/// is noted, so that none begins.
final class BlockRules {
    static final Changes BLOCKED = Changes.rejected(Refusal.BLOCKED.code(), Refusal.BLOCKED.reason());

    private BlockRules() {}

    /// Whether a block stops such a command of either of the two. Commands that affect only the sender are not stopped.
    static boolean stops(MemberCommand command) {
        return switch (command) {
            case EditMessage edit -> true;
            case ReactToMessage react -> true;
            case PinMessage pin -> true;
            case Report report -> false;
            // One that was accepted before is a duplicate first: see [MessageRules].
            case SendMessage send -> false;
            case GroupCommand change -> false;
            case MarkReceipt mark -> false;
            case FollowThread follow -> false;
            case ReadThread read -> false;
            case Mute mute -> false;
            case Keep keep -> false;
        };
    }

    static Changes decide(ConversationState state, Block block, Lookups lookups, Instant now) {
        return switch (state) {
            case Absent absent ->
                lookups.hasBlocked(block.userId()) == block.blocked()
                        ? Changes.none(new Duplicate(0, null))
                        : new Changes(
                                null,
                                List.of(
                                        block.blocked()
                                                ? new BlockNoted(block.userId(), block.blockedId(), now)
                                                : new BlockDeleted(block.userId())),
                                new Accepted(0, now),
                                null);
            case Open open -> decide(open, block, now);
        };
    }

    private static Changes decide(Open open, Block block, Instant now) {
        Membership member = open.members().get(block.userId());
        if (member == null || open.properties().type() != ConversationType.DIRECT) {
            return ConversationRules.NO_SUCH_CONVERSATION;
        }
        Membership next = member.toBlocking(block.blocked());
        return next.equals(member)
                ? Changes.none(new Duplicate(0, null))
                : new Changes(open.toMember(next), List.of(new MembershipChanged(next)), new Accepted(0, now), null);
    }
}
