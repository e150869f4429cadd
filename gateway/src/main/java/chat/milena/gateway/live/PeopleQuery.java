package chat.milena.gateway.live;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The query side, as far as presence and typing need it: who may see whom. Safe for all threads; waits.
public interface PeopleQuery {
    /// Where no query side is reached from here.
    PeopleQuery NONE = new PeopleQuery() {
        @Override
        public Answer sharing(UserKey asker, List<String> userIds) {
            return new Unavailable(Duration.ofMinutes(1));
        }

        @Override
        public Answer typingAudience(UserKey asker, ConversationKey conversation, int limit) {
            return new Unavailable(Duration.ofMinutes(1));
        }
    };

    /// Which of these users share a conversation with the asker that both have joined in.
    Answer sharing(UserKey asker, List<String> userIds);

    /// Whom the asker's typing in a conversation is told, the asker among them, if the asker is in it.
    ///
    /// @param limit of members; where there are as many, all of them are the answer
    Answer typingAudience(UserKey asker, ConversationKey conversation, int limit);

    /// What came of it.
    sealed interface Answer {}

    /// These users.
    record People(Set<String> userIds) implements Answer {
        public People {
            userIds = Set.copyOf(userIds);
        }
    }

    /// Nothing for this asker to know.
    record Refused(ErrorCode code, String reason) implements Answer {}

    /// No answer now; safe to ask again.
    record Unavailable(Duration retryAfter) implements Answer {}
}
