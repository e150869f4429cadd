package chat.milena.standalone.up;

import chat.milena.gateway.connection.SyncQuery;
import chat.milena.runtime.json.Json;
import chat.milena.syncapi.http.CallAnswer;

/// What the query side answers, in the gateway's words. Pure.
final class SyncAnswers {
    private SyncAnswers() {}

    static SyncQuery.Answer of(CallAnswer answer) {
        return switch (answer) {
            case CallAnswer.Answered(var json) -> new SyncQuery.Result(Json.text(json));
            case CallAnswer.Refused(var code, var reason) -> new SyncQuery.Refused(code, reason);
            case CallAnswer.Unavailable(var reason, var retryAfter) -> new SyncQuery.Unavailable(reason, retryAfter);
        };
    }
}
