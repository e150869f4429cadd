package chat.milena.gateway.rest;

import chat.milena.schemas.key.UserKey;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// One authenticated call: who asks, and what for. Immutable.
///
/// @param conversationId from the path, if it names one
/// @param idempotencyKey from the head, if there is one
/// @param body a JSON object
record RestCall(
        UserKey caller,
        @Nullable String conversationId,
        @Nullable String idempotencyKey,
        JsonNode body) {}
