package chat.milena.topology.conversation;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.ConversationType;
import java.util.List;
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
    record CreateConversation(
            String userId,
            ConversationType type,
            @Nullable String name,
            ConversationSettings settings,
            List<String> participantIds)
            implements Command {}
}
