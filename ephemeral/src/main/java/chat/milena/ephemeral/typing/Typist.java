package chat.milena.ephemeral.typing;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;

/// A user in one conversation.
public record Typist(UserKey user, String conversationId) {

    public ConversationKey conversation() {
        return new ConversationKey(user.tenant(), conversationId);
    }
}
