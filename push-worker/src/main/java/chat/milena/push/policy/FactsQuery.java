package chat.milena.push.policy;

import chat.milena.protocol.call.PushFacts;
import chat.milena.schemas.key.DeviceKey;
import java.time.Duration;
import java.util.List;

/// The part of the query side that push needs. Safe for all threads; waits.
@FunctionalInterface
public interface FactsQuery {
    /// One question.
    ///
    /// @param afterSequence the messages behind this number
    /// @param upToSequence up to this one
    /// @param releases the numbers among them of releases that are to notify although the message was shown before
    record Question(
            DeviceKey device, String conversationId, long afterSequence, long upToSequence, List<Long> releases) {
        /// The same of messages before this one.
        public Question before(long sequenceNumber) {
            return new Question(device, conversationId, afterSequence, sequenceNumber - 1, releases);
        }
    }

    /// The result.
    sealed interface Answer {}

    /// The facts.
    record Known(PushFacts facts) implements Answer {}

    /// No answer now; safe to retry.
    record Unavailable(Duration retryAfter) implements Answer {}

    Answer facts(Question question);
}
