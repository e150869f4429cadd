package chat.milena.gateway.rest;

import chat.milena.runtime.http.HttpCall;
import chat.milena.runtime.token.Caller;
import chat.milena.runtime.token.VerifiedToken;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// One authenticated call. Parts of the path are not yet checked, and empty if the path has none.
record RestCall(Caller caller, HttpCall http) {

    String conversationId() {
        return http.pathPart("id");
    }

    String memberId() {
        return http.pathPart("userId");
    }

    String messageId() {
        return http.pathPart("messageId");
    }

    String emoji() {
        return http.pathPart("emoji");
    }

    String deviceId() {
        return http.pathPart("deviceId");
    }

    /// From the query, not yet checked; null without one.
    @Nullable
    String reason() {
        return http.parameter("reason");
    }

    /// From the query, not yet checked; null without one.
    @Nullable
    String scope() {
        return http.parameter("conversationId");
    }

    /// From the header, if there is one.
    @Nullable
    String idempotencyKey() {
        return http.header("Idempotency-Key");
    }

    /// The website that calls; null for other clients.
    @Nullable
    String origin() {
        return http.header("Origin");
    }

    VerifiedToken token() {
        return http.token();
    }

    /// A JSON object.
    JsonNode body() {
        return http.body();
    }
}
