package chat.milena.gateway.live;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The part of the query side that presence and typing need: who may see whom. Safe for all threads; waits.
public interface PeopleQuery {
    /// For a process without a query side.
    PeopleQuery NONE = new PeopleQuery() {
        @Override
        public Answer sharing(UserKey asker, List<String> userIds) {
            return new Unavailable(Duration.ofMinutes(1));
        }

        @Override
        public Answer blocking(UserKey asker, List<String> userIds) {
            return new Unavailable(Duration.ofMinutes(1));
        }

        @Override
        public Answer typingAudience(UserKey asker, ConversationKey conversation, int limit) {
            return new Unavailable(Duration.ofMinutes(1));
        }
    };

    /// Which of these users share a conversation with the observer that both have joined in, without a block
    /// between the two.
    Answer sharing(UserKey asker, List<String> userIds);

    /// Which of these users have blocked the asker.
    Answer blocking(UserKey asker, List<String> userIds);

    /// The recipients of a user's typing in a conversation, including the user, if the user is a member.
    ///
    /// @param limit of members; in a conversation with as many, all of them are the answer
    Answer typingAudience(UserKey asker, ConversationKey conversation, int limit);

    /// The result.
    sealed interface Answer {}

    /// These users.
    record People(Set<String> userIds) implements Answer {
        public People {
            userIds = Set.copyOf(userIds);
        }
    }

    /// This user may not know.
    record Refused(ErrorCode code, String reason) implements Answer {}

    /// No answer now; safe to retry.
    record Unavailable(Duration retryAfter) implements Answer {}
}
