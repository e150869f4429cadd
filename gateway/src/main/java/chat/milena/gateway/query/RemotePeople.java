package chat.milena.gateway.query;

import chat.milena.gateway.live.PeopleQuery;
import chat.milena.protocol.call.GatewayQuestion;
import chat.milena.protocol.json.RecordJson;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// Asks sync APIs who may see whom. Safe for all threads; waits.
final class RemotePeople implements PeopleQuery {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final SyncApis apis;

    RemotePeople(SyncApis apis) {
        this.apis = apis;
    }

    @Override
    public Answer sharing(UserKey asker, List<String> userIds) {
        return ask(new GatewayQuestion.Sharing(asker.tenant(), asker.userId(), userIds));
    }

    @Override
    public Answer blocking(UserKey asker, List<String> userIds) {
        return ask(new GatewayQuestion.Blocking(asker.tenant(), asker.userId(), userIds));
    }

    @Override
    public Answer typingAudience(UserKey asker, ConversationKey conversation, int limit) {
        return ask(new GatewayQuestion.Typing(asker.tenant(), asker.userId(), conversation.conversationId(), limit));
    }

    private Answer ask(GatewayQuestion question) {
        try {
            SyncApis.Answer answer = apis.ask(question);
            if (answer == null) {
                return new Unavailable(RETRY_SOON);
            }
            if (answer.status() == 200) {
                GatewayQuestion.People people = RecordJson.read(answer.body(), GatewayQuestion.People.class);
                return new People(new HashSet<>(people.userIds()));
            }
            return switch (RemoteRefusal.of(answer)) {
                case RemoteRefusal.Refused(var code, var reason) -> new Refused(code, reason);
                case RemoteRefusal.Unavailable(var retryAfter) -> new Unavailable(retryAfter);
            };
        } catch (IOException e) {
            return new Unavailable(RETRY_SOON);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unavailable(RETRY_SOON);
        }
    }
}
