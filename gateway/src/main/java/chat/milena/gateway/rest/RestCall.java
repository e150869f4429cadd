package chat.milena.gateway.rest;

import chat.milena.runtime.token.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// One authenticated call. Immutable.
///
/// @param conversationId from the path, not yet checked; empty if the path has none
/// @param memberId from the path, not yet checked; empty if the path has none
/// @param messageId from the path, not yet checked; empty if the path has none
/// @param emoji from the path, not yet checked; empty if the path has none
/// @param reason from the query, not yet checked; null without one
/// @param idempotencyKey from the header, if there is one
/// @param body a JSON object
record RestCall(
        Caller caller,
        String conversationId,
        String memberId,
        String messageId,
        String emoji,
        @Nullable String reason,
        @Nullable String idempotencyKey,
        JsonNode body) {}
