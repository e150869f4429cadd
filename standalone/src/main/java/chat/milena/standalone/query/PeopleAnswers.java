package chat.milena.standalone.query;

import chat.milena.gateway.live.PeopleQuery;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.http.CallAnswer;
import chat.milena.syncapi.http.PeopleCall;
import chat.milena.syncapi.read.ReadAnswer.UserIds;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Translates the gateway's questions to the query side of this process. Safe for all threads; blocks.
public final class PeopleAnswers implements PeopleQuery {
    private final Supplier<@Nullable PeopleCall> call;

    /// @param call null until the query side has started
    public PeopleAnswers(Supplier<@Nullable PeopleCall> call) {
        this.call = call;
    }

    @Override
    public Answer sharing(UserKey asker, List<String> userIds) {
        PeopleCall people = call.get();
        return people == null ? NONE.sharing(asker, userIds) : of(people.sharing(asker, userIds));
    }

    @Override
    public Answer blocking(UserKey asker, List<String> userIds) {
        PeopleCall people = call.get();
        return people == null ? NONE.blocking(asker, userIds) : of(people.blocking(asker, userIds));
    }

    @Override
    public Answer typingAudience(UserKey asker, ConversationKey conversation, int limit) {
        PeopleCall people = call.get();
        return people == null
                ? NONE.typingAudience(asker, conversation, limit)
                : of(people.typingAudience(asker, conversation, limit));
    }

    private static Answer of(CallAnswer<UserIds> answer) {
        return switch (answer) {
            case CallAnswer.Answered<UserIds>(var people) -> new People(new HashSet<>(people.userIds()));
            case CallAnswer.Refused<UserIds>(var code, var reason) -> new Refused(code, reason);
            case CallAnswer.Unavailable<UserIds>(var reason, var retryAfter) -> new Unavailable(retryAfter);
        };
    }
}
