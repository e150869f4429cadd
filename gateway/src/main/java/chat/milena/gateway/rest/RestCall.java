package chat.milena.gateway.rest;

import chat.milena.runtime.token.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// One authenticated call: who asks, and what for. Immutable.
///
/// @param conversationId from the path, not yet checked; empty if it names none
/// @param memberId from the path, not yet checked; empty if it names none
/// @param messageId from the path, not yet checked; empty if it names none
/// @param reason from the query, not yet checked; null if there is none
/// @param idempotencyKey from the head, if there is one
/// @param body a JSON object
record RestCall(
        Caller caller,
        String conversationId,
        String memberId,
        String messageId,
        @Nullable String reason,
        @Nullable String idempotencyKey,
        JsonNode body) {}
