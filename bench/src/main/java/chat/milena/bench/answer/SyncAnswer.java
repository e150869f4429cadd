package chat.milena.bench.answer;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The answer to a sync, without the conversations that the request did not name.
///
/// @param denied conversations of which the reader is not a member
public record SyncAnswer(List<SyncedConversation> conversations, List<String> denied) {

    // An absent list and an empty one mean the same here.
    public SyncAnswer(@Nullable List<SyncedConversation> conversations, @Nullable List<String> denied) {
        this.conversations = conversations == null ? List.of() : List.copyOf(conversations);
        this.denied = denied == null ? List.of() : List.copyOf(denied);
    }

    public Optional<SyncedConversation> conversation(String conversationId) {
        return conversations.stream()
                .filter(one -> one.conversationId().equals(conversationId))
                .findFirst();
    }
}
