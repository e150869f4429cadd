package chat.milena.standalone.up;

import chat.milena.gateway.presence.PeopleQuery;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.http.CallAnswer;
import chat.milena.syncapi.http.PeopleCall;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The query side of this process, in the gateway's words. Safe for all threads; waits.
final class PeopleAnswers implements PeopleQuery {
    private final Supplier<@Nullable PeopleCall> call;

    /// @param call null until the query side is there
    PeopleAnswers(Supplier<@Nullable PeopleCall> call) {
        this.call = call;
    }

    @Override
    public Answer sharing(UserKey asker, List<String> userIds) {
        PeopleCall people = call.get();
        return people == null ? NONE.sharing(asker, userIds) : of(people.sharing(asker, userIds));
    }

    @Override
    public Answer typingAudience(UserKey asker, ConversationKey conversation, int limit) {
        PeopleCall people = call.get();
        return people == null
                ? NONE.typingAudience(asker, conversation, limit)
                : of(people.typingAudience(asker, conversation, limit));
    }

    private static Answer of(CallAnswer answer) {
        return switch (answer) {
            case CallAnswer.Answered answered -> new People(new HashSet<>(PeopleCall.userIds(answered)));
            case CallAnswer.Refused(var code, var reason) -> new Refused(code, reason);
            case CallAnswer.Unavailable unavailable -> new Unavailable(unavailable.retryAfter());
        };
    }
}
