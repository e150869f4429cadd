package chat.milena.conversation.command;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a user asks of a conversation. The user comes from a verified token.
public sealed interface Command {

    /// The user who asks.
    String userId();

    /// Makes the conversation, with its user in it.
    ///
    /// @param participantIds the others
    /// @param accepted whether being in a group is as good as accepting it
    record CreateConversation(
            String userId,
            ConversationType type,
            @Nullable String name,
            ConversationSettings settings,
            List<String> participantIds,
            boolean accepted)
            implements Command {}

    /// What only a member may ask.
    sealed interface MemberCommand extends Command {}

    /// Adds a message. The rules never look into a message, and never change it.
    record SendMessage(String userId, Message message) implements MemberCommand {}

    /// Changes a group.
    sealed interface GroupCommand extends MemberCommand {}

    /// Renames the group or changes its settings.
    record Update(String userId, UpdateConversation changes) implements GroupCommand {}

    /// Brings people in.
    ///
    /// @param accepted whether being in a group is as good as accepting it
    /// @param contactIds those among them whom the user knows from another conversation
    record AddMembers(String userId, List<String> userIds, boolean accepted, List<String> contactIds)
            implements GroupCommand {}

    /// Removes somebody; users who remove themselves leave.
    record RemoveMember(String userId, String memberId) implements GroupCommand {}

    /// Gives a member another role.
    record ChangeRole(String userId, String memberId, Role role) implements GroupCommand {}

    /// Says how far its user has come: to a number, or to the last of these messages; the further of the two counts.
    ///
    /// @param upToSequence possibly beyond the end; null if only messages are named
    record MarkReceipt(
            String userId, ReceiptKind kind, @Nullable Long upToSequence, List<String> messageIds)
            implements MemberCommand {}

    /// Changes something of its user's own membership.
    sealed interface PersonalCommand extends MemberCommand {}

    /// Asks for no notifications of the conversation for a while.
    ///
    /// @param until null to end that
    record Mute(String userId, @Nullable Instant until) implements PersonalCommand {}

    /// Joins in. It is never taken back.
    record Accept(String userId) implements PersonalCommand {}
}
