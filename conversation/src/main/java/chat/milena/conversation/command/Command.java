package chat.milena.conversation.command;

import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a user asks of a conversation.
public sealed interface Command {

    /// Who asks.
    Actor actor();

    /// The user who asks.
    default String userId() {
        return actor().userId();
    }

    /// Makes the conversation, with its user in it.
    ///
    /// @param participantIds the others
    /// @param accepted whether being in a group is as good as accepting it
    record CreateConversation(
            Actor actor,
            ConversationType type,
            @Nullable String name,
            ConversationSettings settings,
            List<String> participantIds,
            boolean accepted)
            implements Command {}

    /// Says that its user has blocked the other person of a direct conversation, which need not be there, or no longer.
    record Block(Actor actor, String blockedId, boolean blocked) implements Command {}

    /// What only a member may ask.
    sealed interface MemberCommand extends Command {}

    /// Adds a message. The rules never look into its content, and never change it.
    record SendMessage(Actor actor, Message message) implements MemberCommand {}

    /// Gives a message another content.
    ///
    /// @param revision that the message must have; null for any
    record EditMessage(
            Actor actor,
            String messageId,
            Content content,
            @Nullable Long revision) implements MemberCommand {}

    /// Deletes a message. Its actor need not be a member, if they moderate.
    ///
    /// @param reason for people; null if none is given
    record DeleteMessage(
            Actor actor, String messageId, @Nullable String reason) implements Command {}

    /// Adds an emoji to a message, or takes it away.
    record ReactToMessage(Actor actor, String messageId, String emoji, boolean remove) implements MemberCommand {}

    /// Pins a message, or no longer.
    record PinMessage(Actor actor, String messageId, boolean remove) implements MemberCommand {}

    /// Changes a group.
    sealed interface GroupCommand extends MemberCommand {}

    /// Renames the group or changes its settings.
    record Update(Actor actor, UpdateConversation changes) implements GroupCommand {}

    /// Brings people in.
    ///
    /// @param accepted whether being in a group is as good as accepting it
    /// @param contactIds those among them whom the user knows from another conversation
    record AddMembers(Actor actor, List<String> userIds, boolean accepted, List<String> contactIds)
            implements GroupCommand {}

    /// Removes somebody; users who remove themselves leave.
    record RemoveMember(Actor actor, String memberId) implements GroupCommand {}

    /// Gives a member another role.
    record ChangeRole(Actor actor, String memberId, Role role) implements GroupCommand {}

    /// Says how far its user has come: to a number, or to the last of these messages; the further of the two counts.
    ///
    /// @param upToSequence possibly beyond the end; null if only messages are named
    record MarkReceipt(
            Actor actor, ReceiptKind kind, @Nullable Long upToSequence, List<String> messageIds)
            implements MemberCommand {}

    /// Asks for no notifications of the conversation for a while.
    ///
    /// @param until null to end that
    record Mute(Actor actor, @Nullable Instant until) implements MemberCommand {}

    /// Changes what its user keeps of the conversation for themselves.
    record Keep(Actor actor, ChangePersonal change) implements MemberCommand {}
}
