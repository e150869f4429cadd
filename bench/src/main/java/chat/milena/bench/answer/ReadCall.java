package chat.milena.bench.answer;

import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// One read, as one user.
///
/// @param body of a POST; null for a GET
public record ReadCall(String userId, String path, @Nullable String body) {
    private static final String CONVERSATIONS = "/api/v1/conversations/";

    /// A sync of one conversation from a number on; without a limit the server's own applies.
    public static ReadCall sync(String userId, String conversationId, long lastSequence, OptionalInt limit) {
        return new ReadCall(userId, "/api/v1/sync", ReadBodies.sync(Map.of(conversationId, lastSequence), limit));
    }

    /// A sync of some conversations, each from a number on.
    public static ReadCall sync(String userId, Map<String, Long> lastSequences) {
        return new ReadCall(userId, "/api/v1/sync", ReadBodies.sync(lastSequences, OptionalInt.empty()));
    }

    /// Any other read under the path of a conversation.
    public static ReadCall of(String userId, String conversationId, String path) {
        return new ReadCall(userId, CONVERSATIONS + conversationId + "/" + path, null);
    }

    public static ReadCall page(String userId, String conversationId, PageAsk ask) {
        String from = switch (ask) {
            case PageAsk.Newest newest -> "?limit=";
            case PageAsk.Before before -> "?before=" + before.number() + "&limit=";
            case PageAsk.After after -> "?after=" + after.number() + "&limit=";
        };
        return new ReadCall(userId, CONVERSATIONS + conversationId + "/messages" + from + ask.limit(), null);
    }
}
