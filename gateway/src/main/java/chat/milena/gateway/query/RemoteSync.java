package chat.milena.gateway.query;

import chat.milena.gateway.live.SyncQuery;
import chat.milena.protocol.call.GatewayQuestion;
import chat.milena.protocol.json.RecordJson;
import chat.milena.protocol.read.SyncResult;
import chat.milena.schemas.key.UserKey;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;

/// Asks sync APIs for the answer to a frame `sync`. Safe for all threads; waits.
final class RemoteSync implements SyncQuery {
    private static final Answer NOBODY =
            new Unavailable("cannot be answered now; safe to retry", Duration.ofSeconds(1));

    private final SyncApis apis;

    RemoteSync(SyncApis apis) {
        this.apis = apis;
    }

    @Override
    public Answer answer(UserKey user, JsonNode body, long bytesMax) {
        try {
            SyncApis.Answer answer = apis.ask(new GatewayQuestion.Sync(user.tenant(), user.userId(), body, bytesMax));
            if (answer == null) {
                return NOBODY;
            }
            if (answer.status() == 200) {
                return new Result(RecordJson.read(answer.body(), SyncResult.class));
            }
            return switch (RemoteRefusal.of(answer)) {
                case RemoteRefusal.Refused(var code, var reason) -> new Refused(code, reason);
                case RemoteRefusal.Unavailable(var retryAfter) ->
                    new Unavailable("cannot be answered now; safe to retry", retryAfter);
            };
        } catch (IOException e) {
            return NOBODY;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NOBODY;
        }
    }
}
