package chat.milena.standalone.query;

import chat.milena.gateway.live.SyncQuery;
import chat.milena.protocol.read.SyncResult;
import chat.milena.syncapi.http.CallAnswer;

/// Translates answers of the query side to the gateway's types. Pure.
public final class SyncAnswers {
    private SyncAnswers() {}

    public static SyncQuery.Answer of(CallAnswer<SyncResult> answer) {
        return switch (answer) {
            case CallAnswer.Answered<SyncResult>(var result) -> new SyncQuery.Result(result);
            case CallAnswer.Refused<SyncResult>(var code, var reason) -> new SyncQuery.Refused(code, reason);
            case CallAnswer.Unavailable<SyncResult>(var reason, var retryAfter) ->
                new SyncQuery.Unavailable(reason, retryAfter);
        };
    }
}
