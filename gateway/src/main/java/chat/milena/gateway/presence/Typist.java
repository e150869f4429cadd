package chat.milena.gateway.presence;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;

/// Somebody in one conversation.
record Typist(UserKey user, String conversationId) {

    ConversationKey conversation() {
        return new ConversationKey(user.tenant(), conversationId);
    }
}
