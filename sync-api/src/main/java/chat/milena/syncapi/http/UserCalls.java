package chat.milena.syncapi.http;

import chat.milena.protocol.call.Me;
import chat.milena.protocol.call.ServerLimit;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.read.Blocks;
import chat.milena.protocol.read.Users;
import chat.milena.runtime.config.StartRules;
import chat.milena.runtime.http.HttpCall;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ActorKind;
import chat.milena.syncapi.person.Profiles;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer.UserIds;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Answers calls about users. Safe for all threads; waits for the views.
final class UserCalls {
    /// Users in one call.
    static final int USERS_MAX = (int) ServerLimit.PROFILE_IDS_MAX.initial();

    private final Reads reads;
    private final SyncLimits limits;
    private final Profiles profiles;
    private final PeopleCall people;
    private final StartRules mayStart;

    /// @param mayStart whom the users of a tenant may start conversations with
    UserCalls(Reads reads, Profiles profiles, PeopleCall people, SyncLimits limits, StartRules mayStart) {
        this.reads = reads;
        this.limits = limits;
        this.profiles = profiles;
        this.people = people;
        this.mayStart = mayStart;
    }

    /// `GET /api/v1/users/me`.
    CallAnswer<Me> me(HttpCall call) throws ReadsUnavailableException {
        String userId = call.token().userId();
        String tenant = call.token().tenant();
        UserView profile = profiles.of(tenant, List.of(userId)).get(userId);
        UserView shown =
                profile == null ? new UserView(userId, tokenName(call.token().name()), null, null, null) : profile;
        return new CallAnswer.Answered<>(new Me(
                userId,
                tenant,
                call.token().moderator() ? ActorKind.MODERATOR.word() : null,
                shown.name(),
                shown.avatarUrl(),
                shown.custom(),
                shown.updatedAt(),
                mayStart.of(tenant).word()));
    }

    private static @Nullable String tokenName(@Nullable String name) {
        return name == null || name.isEmpty() ? null : name;
    }

    /// `GET /api/v1/users`: the user, and users with whom the user shares a conversation that both have joined in.
    CallAnswer<Users> users(HttpCall call) throws ReadsUnavailableException {
        QueryFields query = new QueryFields(call);
        List<String> named = query.ids("ids", USERS_MAX);
        Rejection rejection = query.rejection();
        if (rejection != null) {
            return CallAnswer.of(rejection);
        }
        UserKey asker = new UserKey(call.token().tenant(), call.token().userId());
        List<String> others =
                named.stream().filter(userId -> !userId.equals(asker.userId())).toList();
        return switch (people.sharing(asker, others)) {
            case CallAnswer.Answered<UserIds>(var sharing) -> {
                Set<String> seen = new HashSet<>(sharing.userIds());
                seen.add(asker.userId());
                yield new CallAnswer.Answered<>(
                        shown(asker, named.stream().filter(seen::contains).toList()));
            }
            case CallAnswer.Refused<UserIds>(var code, var reason) -> new CallAnswer.Refused<>(code, reason);
            case CallAnswer.Unavailable<UserIds>(var reason, var retryAfter) ->
                new CallAnswer.Unavailable<>(reason, retryAfter);
        };
    }

    /// `GET /api/v1/blocks`.
    CallAnswer<Blocks> blocks(HttpCall call) throws ReadsUnavailableException {
        QueryFields query = new QueryFields(call);
        int limit = query.limit(limits.pages().usual(), limits.pages().max());
        Optional<String> after = query.cursor("cursor", Cursors::parseUser);
        Rejection rejection = query.rejection();
        if (rejection != null) {
            return CallAnswer.of(rejection);
        }
        UserKey asker = new UserKey(call.token().tenant(), call.token().userId());
        return CallAnswer.of(reads.ask(List.of(new Read.BlocksPage(asker, after.orElse(""), limit)))
                .getFirst());
    }

    private Users shown(UserKey asker, List<String> userIds) throws ReadsUnavailableException {
        Map<String, UserView> found = profiles.of(asker.tenant(), userIds);
        return new Users(userIds.stream()
                .map(userId -> found.getOrDefault(userId, UserView.unknown(userId)))
                .toList());
    }
}
