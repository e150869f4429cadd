package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.command.InFlight.Places;
import chat.milena.gateway.command.OutcomeMeters;
import chat.milena.gateway.delivery.Shards;
import chat.milena.gateway.device.DeviceQuery;
import chat.milena.gateway.device.PushSetup;
import chat.milena.gateway.live.PeopleQuery;
import chat.milena.gateway.rest.CommandCall.RefusedException;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.protocol.frame.Limits;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.http.HttpApi;
import chat.milena.runtime.http.HttpCall;
import chat.milena.runtime.http.Route;
import chat.milena.runtime.limit.HttpBudgets;
import chat.milena.runtime.token.Caller;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// The REST calls under `/api/v1` that write: the table of contents.
public final class RestApi {
    private static final String CONVERSATIONS = "/api/v1/conversations";
    private static final String CONVERSATION = CONVERSATIONS + "/{id}";
    private static final String MESSAGE = CONVERSATION + "/messages/{messageId}";
    private static final String REACTION = MESSAGE + "/reactions/{emoji}";
    private static final String PIN = MESSAGE + "/pin";
    private static final String DEVICE = "/api/v1/devices/{deviceId}";
    private static final String BLOCK = "/api/v1/blocks/{userId}";
    private static final String BAN = "/api/v1/moderation/bans/{userId}";
    private static final String FOLLOW = CONVERSATION + "/threads/{messageId}/follow";
    private static final String MEMBER = CONVERSATION + "/members/{userId}";

    /// How many messages a user may report in an hour, at each gateway.
    public static final int REPORTS_PER_HOUR = RestReports.REPORTS.tokens();

    /// Commands have rates of their own, which all endpoints share.
    private static final int NO_RATE = 0;

    private RestApi() {}

    /// The collaborators of calls.
    ///
    /// @param receiptGate with the rates of receipts
    /// @param groupSecret the source of ids of groups; the same at all gateways
    /// @param people says who shares a conversation with whom
    /// @param profiles notified of each changed profile
    /// @param devices how devices are registered
    public record Backing(
            CommandFactory commands,
            CommandGate gate,
            CommandGate receiptGate,
            Outcomes outcomes,
            Secret groupSecret,
            PeopleQuery people,
            Consumer<User> profiles,
            DeviceBacking devices) {}

    /// The collaborators of calls about devices.
    ///
    /// @param query says what is kept of a device
    /// @param push what devices can be registered with
    public record DeviceBacking(DeviceQuery query, PushSetup push) {}

    /// The way from a command to its outcome.
    ///
    /// @param calls commands that the dispatcher answers
    /// @param shardCount the number of shards of users
    public record Outcomes(InFlight calls, Shards shards, int shardCount, OutcomeMeters meters) {}

    /// The calls, ready to be mounted.
    ///
    /// @param budgets of the process
    /// @param origins the websites from which users may call
    /// @param blocking runs each call on a thread that may wait
    public static HttpApi of(
            RestConfig config,
            Limits limits,
            AllowedOrigins origins,
            Backing backing,
            TokenVerifier verifier,
            HttpBudgets budgets,
            Executor blocking,
            Clock clock) {
        Places places = backing.outcomes().calls().places(config.inFlightMax());
        CommandCall log = new CommandCall(backing.outcomes(), backing.gate(), places, config.answerWithin());
        Introductions introductions = new Introductions(config.mayStart(), backing.people());
        ConversationBodies bodies = new ConversationBodies(limits, config.featureLevel());
        RestWrites writes = new RestWrites(
                backing.commands(), log, new GroupIds(backing.groupSecret()), introductions, bodies, limits, clock);
        RestChanges changes = new RestChanges(backing.commands(), log, introductions, bodies);
        RestMessageChanges messages = new RestMessageChanges(backing.commands(), log, limits);
        RestReceipts receipts = new RestReceipts(
                backing.commands(),
                new CommandCall(backing.outcomes(), backing.receiptGate(), places, config.answerWithin()));
        RestPersonal personal = new RestPersonal(backing.commands(), log, clock);
        RestProfile profile = new RestProfile(backing.commands(), log, backing.profiles());
        RestBlocks blocks = new RestBlocks(backing.commands(), log);
        RestDevices devices = new RestDevices(backing.commands(), log, backing.devices(), clock);
        RestNotifications notifications =
                new RestNotifications(backing.commands(), log, backing.devices().query());
        RestModeration moderation = new RestModeration(backing.commands(), log, clock);
        RestReports reports =
                new RestReports(backing.commands(), log, backing.devices().query(), clock);
        List<Route> routes = List.of(
                route(Methods.POST, CONVERSATIONS, true, writes::createDirect),
                route(Methods.POST, "/api/v1/groups", true, writes::createGroup)
                        .withBodyBytesMax(limits.membersBytesMax()),
                route(Methods.POST, CONVERSATION + "/messages", true, writes::send),
                route(Methods.PATCH, MESSAGE, true, messages::edit),
                route(Methods.DELETE, MESSAGE, false, messages::delete),
                route(Methods.PUT, REACTION, false, messages::react),
                route(Methods.DELETE, REACTION, false, messages::unreact),
                route(Methods.PUT, PIN, false, messages::pin),
                route(Methods.DELETE, PIN, false, messages::unpin),
                route(Methods.PUT, FOLLOW, false, messages::follow),
                route(Methods.DELETE, FOLLOW, false, messages::unfollow),
                route(Methods.POST, CONVERSATION + "/read", true, receipts::read),
                route(Methods.PUT, CONVERSATION + "/mute", true, personal::mute),
                route(Methods.PATCH, CONVERSATION + "/personal", true, personal::personal),
                route(Methods.PUT, "/api/v1/users/me", true, profile::put),
                route(Methods.PUT, BLOCK, false, blocks::put),
                route(Methods.DELETE, BLOCK, false, blocks::delete),
                route(Methods.PUT, DEVICE, true, devices::put),
                route(Methods.DELETE, DEVICE + "/push", false, devices::unregister),
                route(Methods.DELETE, DEVICE, false, devices::signOut),
                route(Methods.PUT, "/api/v1/users/me/notifications", true, notifications::put),
                route(Methods.PUT, CONVERSATION + "/notifications", true, notifications::putLevel),
                route(Methods.POST, MESSAGE + "/report", true, reports::report),
                route(Methods.POST, "/api/v1/moderation/decisions", true, reports::decide),
                route(Methods.PUT, BAN, true, moderation::ban),
                route(Methods.DELETE, BAN, false, moderation::unban),
                route(Methods.PATCH, CONVERSATION, true, changes::update),
                route(Methods.POST, CONVERSATION + "/members", true, changes::add)
                        .withBodyBytesMax(limits.membersBytesMax()),
                route(Methods.DELETE, MEMBER, false, changes::remove),
                route(Methods.PATCH, MEMBER, true, changes::changeRole));
        HttpApi.Bounds bounds = new HttpApi.Bounds(config.inFlightMax(), limits.frameBytesMax(), NO_RATE);
        return new HttpApi(routes, bounds, origins, verifier, budgets, blocking);
    }

    /// The work of a call.
    @FunctionalInterface
    private interface Write {
        HttpAnswer answer(RestCall call) throws UnansweredException;
    }

    private static Route route(HttpString method, String path, boolean hasBody, Write write) {
        return Route.of(method, path, hasBody, call -> answer(call, write));
    }

    private static HttpAnswer answer(HttpCall call, Write write) {
        try {
            return write.answer(new RestCall(Caller.of(call.token()), call));
        } catch (RefusedException e) {
            return e.answer();
        } catch (UnansweredException e) {
            return HttpAnswer.error(ErrorCode.UNAVAILABLE, "outcome unknown; safe to retry");
        }
    }
}
