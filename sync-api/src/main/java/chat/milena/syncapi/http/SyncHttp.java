package chat.milena.syncapi.http;

import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.conversation.UserView;
import chat.milena.runtime.config.StartRules;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpApi;
import chat.milena.runtime.http.HttpCall;
import chat.milena.runtime.http.Route;
import chat.milena.runtime.limit.HttpBudgets;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.person.Profiles;
import chat.milena.syncapi.person.SeenDevice;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The REST calls under `/api/v1` that read: the table of contents. Safe for all threads.
public final class SyncHttp {
    /// The path of a sync.
    static final String SYNC = "/api/v1/sync";

    /// The path of all other reads, with `GET` and `HEAD`.
    static final String CONVERSATIONS = "/api/v1/conversations";

    private static final String CONVERSATION = CONVERSATIONS + "/{" + ConversationCalls.CONVERSATION + "}";

    /// Both read many conversations; a page reads one.
    private static final int SYNC_COST = 5;

    private static final int INBOX_COST = 5;

    /// Reads the conversations of all listed users.
    private static final int USERS_COST = 5;

    /// Reads the surroundings of many messages.
    private static final int REPORTS_COST = 5;

    /// A message may be searched for.
    private static final int MESSAGE_COST = 5;

    /// The rules for callers.
    ///
    /// @param origins the websites from which users may call
    /// @param mayStart whom the users of a tenant may start conversations with
    public record Callers(AllowedOrigins origins, TokenVerifier verifier, StartRules mayStart) {}

    private final CallMeters meters;
    private final SyncCall sync;
    private final ModerationCalls moderation;
    private final PeopleCall people;
    private final DevicesCall devices;
    private final Profiles profiles;
    private final UnreadCall unread;
    private final HttpApi api;

    /// @param presence the devices of a user that were seen; empty while that is not known
    /// @param budgets of the process
    /// @param blocking runs each call on a thread that may wait
    public SyncHttp(
            Reads reads,
            SyncLimits limits,
            Callers callers,
            Function<UserKey, Optional<List<SeenDevice>>> presence,
            HttpBudgets budgets,
            Executor blocking,
            Clock clock,
            MeterRegistry registry) {
        meters = new CallMeters(registry);
        sync = new SyncCall(reads, limits, clock, meters);
        people = new PeopleCall(reads, limits, clock, meters);
        devices = new DevicesCall(reads, presence, limits);
        profiles = new Profiles(reads);
        unread = new UnreadCall(reads, limits);
        moderation = new ModerationCalls(reads, limits, clock);
        ConversationCalls conversation = new ConversationCalls(reads, profiles, limits);
        UserCalls users = new UserCalls(reads, profiles, people, limits, callers.mayStart());
        int answerBytesMax = Math.toIntExact(limits.answerBytesMax());
        List<Route> routes = new ArrayList<>();
        routes.add(Route.of(
                        Methods.POST,
                        SYNC,
                        true,
                        call -> sync.answer(user(call.token()), call.body()).toHttp())
                .withAnswerBytesMax(answerBytesMax)
                .withCost(SYNC_COST));
        reading(
                routes,
                CONVERSATIONS,
                "inbox",
                answerBytesMax,
                INBOX_COST,
                new InboxCall(reads, profiles, limits, clock)::answer);
        reading(routes, "/api/v1/unread", "unread", answerBytesMax, INBOX_COST, unread::answer);
        reading(routes, "/api/v1/users/me", "me", answerBytesMax, 1, users::me);
        reading(routes, "/api/v1/users", "users", answerBytesMax, USERS_COST, users::users);
        reading(routes, "/api/v1/blocks", "blocks", answerBytesMax, 1, users::blocks);
        reading(routes, "/api/v1/devices", "devices", answerBytesMax, 1, devices::answer);
        reading(routes, "/api/v1/users/me/notifications", "settings", answerBytesMax, 1, devices::settings);
        reading(routes, CONVERSATION + "/notifications", "level", answerBytesMax, 1, devices::level);
        reading(routes, "/api/v1/moderation/bans", "bans", answerBytesMax, 1, moderation::bans);
        reading(routes, "/api/v1/moderation/reports", "reports", answerBytesMax, REPORTS_COST, moderation::reports);
        reading(routes, CONVERSATION, "conversation", answerBytesMax, 1, conversation::describe);
        reading(routes, CONVERSATION + "/members", "members", answerBytesMax, 1, conversation::members);
        reading(routes, CONVERSATION + "/receipts", "receipts", answerBytesMax, 1, conversation::receipts);
        reading(routes, CONVERSATION + "/pins", "pins", answerBytesMax, 1, conversation::pins);
        reading(routes, CONVERSATION + "/messages", "messages", answerBytesMax, 1, conversation::messages);
        String message = CONVERSATION + "/messages/{" + ConversationCalls.MESSAGE + "}";
        reading(routes, message, "message", answerBytesMax, MESSAGE_COST, conversation::message);
        reading(routes, message + "/reactions", "reactions", answerBytesMax, MESSAGE_COST, conversation::reactions);
        reading(
                routes,
                message + "/receipts",
                "message-receipts",
                answerBytesMax,
                MESSAGE_COST,
                conversation::messageReceipts);
        reading(
                routes,
                CONVERSATION + "/threads/{" + ConversationCalls.MESSAGE + "}/messages",
                "thread",
                answerBytesMax,
                1,
                conversation::replies);
        reading(
                routes,
                "/api/v1/threads",
                "threads",
                answerBytesMax,
                INBOX_COST,
                new FollowedThreadsCall(reads, limits)::answer);
        HttpApi.Bounds bounds =
                new HttpApi.Bounds(limits.inProgress().callsMax(), limits.sync().bodyBytesMax(), limits.userRate());
        api = new HttpApi(
                routes, bounds, callers.origins(), callers.verifier().rejecting(this::signedOutAt), budgets, blocking);
    }

    private @Nullable Instant signedOutAt(UserKey user, String deviceId) {
        return switch (devices.device(user, deviceId)) {
            case CallAnswer.Answered<Kept>(var kept) -> kept.signOut();
            case CallAnswer.Refused<Kept> refused -> null;
            case CallAnswer.Unavailable<Kept> away ->
                throw new TokenKeysUnavailableException("the state of the device is not known now");
        };
    }

    /// The calls, ready to be mounted.
    public HttpApi api() {
        return api;
    }

    /// The sync as plain Java, for the frame with the same request.
    public SyncCall sync() {
        return sync;
    }

    /// The profiles of users, by user id, without users who have none.
    public Map<String, UserView> profiles(String tenant, Collection<String> userIds) throws ReadsUnavailableException {
        return profiles.of(tenant, userIds);
    }

    /// How many messages a user has not read, in conversations that are not muted.
    public long unreadMessages(UserKey user) throws ReadsUnavailableException {
        return unread.messages(user);
    }

    /// Who may see whom, as plain Java, for gateways.
    public PeopleCall people() {
        return people;
    }

    /// What moderators and warned users are shown, as plain Java, for gateways.
    public ModerationCalls moderation() {
        return moderation;
    }

    /// What is kept of devices, as plain Java, for gateways.
    public DevicesCall devices() {
        return devices;
    }

    /// The work of a call.
    @FunctionalInterface
    private interface Action<T extends Record> {
        CallAnswer<T> answer(HttpCall call) throws ReadsUnavailableException;
    }

    private <T extends Record> void reading(
            List<Route> routes, String path, String name, int answerBytesMax, int cost, Action<T> action) {
        for (HttpString method : List.of(Methods.GET, Methods.HEAD)) {
            routes.add(Route.of(
                            method,
                            path,
                            false,
                            call -> meters.timed(name, () -> answer(call, action))
                                    .toHttp())
                    .withAnswerBytesMax(answerBytesMax)
                    .withCost(cost));
        }
    }

    private static <T extends Record> CallAnswer<T> answer(HttpCall call, Action<T> action) {
        try {
            return action.answer(call);
        } catch (ReadsUnavailableException e) {
            return CallAnswer.of(e);
        }
    }

    private static UserKey user(VerifiedToken token) {
        return new UserKey(token.tenant(), token.userId());
    }
}
