package chat.milena.standalone.query;

import chat.milena.gateway.query.SyncApis;
import chat.milena.protocol.call.GatewayQuestion;
import chat.milena.protocol.call.PushFacts;
import chat.milena.protocol.json.RecordJson;
import chat.milena.push.policy.FactsQuery;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks sync APIs of the installation what push needs to know. Safe for all threads; blocks.
public record RemotePushAnswers(SyncApis apis) implements FactsQuery {
    private static final Logger LOG = LoggerFactory.getLogger(RemotePushAnswers.class);
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    @Override
    public Answer facts(Question question) {
        try {
            SyncApis.Answer answer = apis.ask(new GatewayQuestion.Push(
                    question.device().user().tenant(),
                    question.device().user().userId(),
                    question.device().deviceId(),
                    question.conversationId(),
                    question.afterSequence(),
                    question.upToSequence(),
                    question.releases()));
            return answer == null || answer.status() != 200
                    ? new Unavailable(RETRY_SOON)
                    : new Known(RecordJson.read(answer.body(), PushFacts.class));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unavailable(RETRY_SOON);
        } catch (IOException e) {
            LOG.warn("An answer of a sync API cannot be read: {}", e.getClass().getSimpleName());
            return new Unavailable(RETRY_SOON);
        }
    }
}
