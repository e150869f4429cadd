package chat.milena.standalone.query;

import chat.milena.protocol.call.PushFacts;
import chat.milena.push.policy.FactsQuery;
import chat.milena.syncapi.http.CallAnswer;
import chat.milena.syncapi.PushFactsCall;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Translates the questions of push to the query side of this process. Safe for all threads; blocks.
public final class PushAnswers implements FactsQuery {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final Supplier<@Nullable PushFactsCall> call;

    /// @param call null until the query side has started
    public PushAnswers(Supplier<@Nullable PushFactsCall> call) {
        this.call = call;
    }

    @Override
    public Answer facts(Question question) {
        PushFactsCall facts = call.get();
        if (facts == null) {
            return new Unavailable(RETRY_SOON);
        }
        return switch (facts.facts(
                question.device(),
                question.conversationId(),
                question.afterSequence(),
                question.upToSequence(),
                question.releases())) {
            case CallAnswer.Answered<PushFacts>(var known) -> new Known(known);
            case CallAnswer.Unavailable<PushFacts>(var reason, var retryAfter) -> new Unavailable(retryAfter);
            // It refuses nothing.
            case CallAnswer.Refused<PushFacts> refused -> new Unavailable(RETRY_SOON);
        };
    }
}
