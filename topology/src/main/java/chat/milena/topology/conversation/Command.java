package chat.milena.topology.conversation;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.Role;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a user asks of a conversation. The user comes from a verified token.
public sealed interface Command {

    /// Who asks.
    String userId();

    /// To add a message. A message is never looked into here, and never changed.
    record SendMessage(String userId, Message message) implements Command {}

    /// To make the conversation, with the asker in it.
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

    /// To change a conversation that exists.
    sealed interface Change extends Command {}

    /// To rename the group or change its settings.
    record Update(String userId, UpdateConversation changes) implements Change {}

    /// To let people in.
    ///
    /// @param accepted whether being in a group is as good as accepting it
    /// @param unwilling those among them who left by themselves, and whom the asker knows from nowhere else
    record AddMembers(String userId, List<String> userIds, boolean accepted, Set<String> unwilling) implements Change {}

    /// To take somebody out; oneself is leaving.
    record RemoveMember(String userId, String memberId) implements Change {}

    /// To give a member another role.
    record ChangeRole(String userId, String memberId, Role role) implements Change {}
}
