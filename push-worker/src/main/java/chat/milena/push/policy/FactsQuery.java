package chat.milena.push.policy;

import chat.milena.protocol.call.PushFacts;
import chat.milena.schemas.key.DeviceKey;
import java.time.Duration;

/// The part of the query side that push needs. Safe for all threads; waits.
@FunctionalInterface
public interface FactsQuery {
    /// One question.
    ///
    /// @param afterSequence the messages behind this number
    /// @param upToSequence up to this one
    record Question(DeviceKey device, String conversationId, long afterSequence, long upToSequence) {
        /// The same of messages before this one.
        public Question before(long sequenceNumber) {
            return new Question(device, conversationId, afterSequence, sequenceNumber - 1);
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
