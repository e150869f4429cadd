package chat.milena.syncapi.http;

import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.Cursors.InboxWalk;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The request of a client for what it missed. Immutable.
///
/// @param lastSequences by conversation, in the client's order, the last number that it has
/// @param limit entries of each conversation
/// @param newConversations how far the walk through other conversations has come; empty for its start
record SyncRequest(Map<String, Long> lastSequences, int limit, Optional<InboxWalk> newConversations) {
    private static final String CONVERSATIONS = "conversations";
    private static final String CURSOR = "newConversationsCursor";

    /// The result of reading a body.
    sealed interface Parsed {}

    /// A request.
    record Valid(SyncRequest request) implements Parsed {}

    /// Not a request.
    record Invalid(Rejection rejection) implements Parsed {}

    /// Reads a JSON object.
    ///
    /// @param path the prefix of its fields in a rejection
    static Parsed parse(JsonNode body, String path, SyncLimits limits) {
        Fields fields = Fields.of(body, path, ErrorCode.INVALID_REQUEST);
        JsonNode conversations = fields.array(CONVERSATIONS);
        if (conversations.size() > limits.sync().conversationsMax()) {
            fields.refuse(
                    ErrorCode.TOO_LARGE,
                    CONVERSATIONS,
                    "must be at most " + limits.sync().conversationsMax());
        }
        int limit = limit(fields, limits.sync().entriesMax());
        Optional<InboxWalk> newConversations = newConversations(fields);
        Rejection rejection = fields.rejection();
        if (rejection != null) {
            return new Invalid(rejection);
        }
        Map<String, Long> lastSequences = LinkedHashMap.newLinkedHashMap(conversations.size());
        for (int i = 0; i < conversations.size(); i++) {
            rejection = readOne(conversations.get(i), path + CONVERSATIONS + "[" + i + "]", lastSequences);
            if (rejection != null) {
                return new Invalid(rejection);
            }
        }
        return new Valid(new SyncRequest(lastSequences, limit, newConversations));
    }

    private static @Nullable Rejection readOne(JsonNode conversation, String path, Map<String, Long> lastSequences) {
        if (!conversation.isObject()) {
            return new Rejection(ErrorCode.INVALID_REQUEST, path + ": must be an object");
        }
        Fields fields = Fields.of(conversation, path + ".", ErrorCode.INVALID_REQUEST);
        String conversationId = fields.id("conversationId");
        Long lastSequence = fields.optionalInteger("lastSequence");
        if (lastSequence == null) {
            fields.refuse("lastSequence", "is required");
        } else if (lastSequence < 0) {
            fields.refuse("lastSequence", "must be at least 0");
        } else if (lastSequences.put(conversationId, lastSequence) != null) {
            fields.refuse("conversationId", "is named twice");
        }
        return fields.rejection();
    }

    private static int limit(Fields fields, int max) {
        Long limit = fields.optionalInteger("limit");
        if (limit == null) {
            return max;
        }
        if (limit < 1 || limit > max) {
            fields.refuse("limit", "must be a whole number from 1 to " + max);
            return max;
        }
        return limit.intValue();
    }

    private static Optional<InboxWalk> newConversations(Fields fields) {
        String cursor = fields.optionalText(CURSOR);
        if (cursor == null) {
            return Optional.empty();
        }
        Optional<InboxWalk> walk = Cursors.parseNewConversations(cursor);
        if (walk.isEmpty()) {
            fields.refuse(CURSOR, "must be a newConversationsCursor of a sync");
        }
        return walk;
    }
}
