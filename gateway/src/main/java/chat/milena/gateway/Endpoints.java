package chat.milena.gateway;

import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.gateway.GatewayService.Dependencies;
import chat.milena.gateway.GatewayService.Platform;
import chat.milena.gateway.delivery.Shards;
import chat.milena.gateway.device.DeviceSessions;
import chat.milena.gateway.edge.Admission;
import chat.milena.gateway.edge.ClientPlaces;
import chat.milena.gateway.edge.ConnectionOpener;
import chat.milena.gateway.edge.ConnectionRates;
import chat.milena.gateway.edge.EventsEndpoint;
import chat.milena.gateway.edge.IncomingFrames;
import chat.milena.gateway.edge.PollEndpoint;
import chat.milena.gateway.edge.WebSocketEndpoint;
import chat.milena.gateway.live.FrameCommands;
import chat.milena.gateway.live.FrameReceiver;
import chat.milena.gateway.live.LivePresence;
import chat.milena.gateway.live.SyncHandler;
import chat.milena.gateway.live.TokenRefreshes;
import chat.milena.gateway.live.WarningSender;
import chat.milena.gateway.rest.RestApi;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.OutboxBudget;
import chat.milena.protocol.frame.FrameCodec;
import chat.milena.runtime.http.HttpApi;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Rate;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// The endpoints of one run: WebSocket, events, polls and REST.
final class Endpoints {
    private static final int SYNCS_MAX = 200;
    static final Rate USER_SYNCS = new Rate(40, Duration.ofSeconds(10), "syncs of a user in 10 seconds");
    private static final int USERS_MAX = 100_000;
    private static final long UNFINISHED_BYTES_MAX = 64L * 1024 * 1024;

    final WebSocketEndpoint sockets;
    final EventsEndpoint events;
    final PollEndpoint polls;
    final HttpApi rest;

    Endpoints(
            GatewayRun run,
            CommandSide commands,
            ResumeSide resume,
            LivePresence presence,
            DeviceSessions devices,
            Shards shards) {
        Platform platform = run.dependencies().platform();
        GatewayConfig config = run.config();
        ConnectionConfig connection = config.connection();
        RateConfig rates = config.writes().rates();
        FrameMeters frames = new FrameMeters(platform.meters());
        FrameReceiver receiver = receiver(run, commands, presence, frames);
        Admission admission = new Admission(
                run.dependencies().keys().verifier(),
                config.origins(),
                new ConnectionRates(
                        rates.clients(),
                        run.ticker()::nanos,
                        bound -> ThreadLocalRandom.current().nextInt(bound)),
                new ClientPlaces(connections(run), shards, run.shards(), devices),
                run.blocking());
        ConnectionOpener opener = new ConnectionOpener(
                connection,
                new Connection.Shared(
                        frames, commandsInFlight(run, platform.meters()), outboxes(run, platform.meters())),
                run.registry(),
                resume.resumes,
                receiver,
                new WarningSender(
                        run.dependencies().queries().devices(), commands.factory, commands.gate, run.blocking()),
                platform.clock(),
                run.connectionTicker());
        sockets = new WebSocketEndpoint(
                admission,
                opener,
                new IncomingFrames(
                        receiver, config.limits().frameBytesMax(), new Budget(run.sharedByUsers(UNFINISHED_BYTES_MAX))),
                connection.outbox().closeTimeout(),
                frames);
        events = new EventsEndpoint(admission, opener, connection, run.connectionTicker());
        polls = new PollEndpoint(
                admission,
                opener,
                resume.polls,
                config.drain().reconnectWithin(),
                rates.clients().pollsPerTenSeconds(),
                run.ticker()::nanos);
        rest = rest(run, commands, presence, devices, shards);
    }

    private static FrameReceiver receiver(
            GatewayRun run, CommandSide commands, LivePresence presence, FrameMeters frames) {
        Dependencies dependencies = run.dependencies();
        SyncHandler syncs = new SyncHandler(
                dependencies.queries().sync(),
                run.blocking(),
                new Budget(run.sharedByUsers(SYNCS_MAX)),
                new RateLimiter<>(List.of(USER_SYNCS), USERS_MAX, run.ticker()::nanos));
        TokenRefreshes refreshes = new TokenRefreshes(
                dependencies.keys().verifier(),
                run.config().connection().liveness().tokenWarning(),
                run.blocking(),
                dependencies.platform().clock(),
                run.connectionTicker());
        return new FrameReceiver(
                new FrameCodec(run.config().limits()),
                commands.factory,
                new FrameReceiver.Handlers(
                        new FrameCommands(commands.gate, commands.outcomes),
                        commands.receipts,
                        syncs,
                        presence,
                        refreshes),
                frames,
                dependencies.platform().clock(),
                run.connectionTicker());
    }

    private static HttpApi rest(
            GatewayRun run, CommandSide commands, LivePresence presence, DeviceSessions devices, Shards shards) {
        Dependencies dependencies = run.dependencies();
        return RestApi.of(
                run.config().writes().rest(),
                run.config().limits(),
                run.config().origins(),
                new RestApi.Backing(
                        commands.factory,
                        commands.gate,
                        commands.receiptGate,
                        new RestApi.Outcomes(commands.calls, shards, run.shards(), commands.outcomes),
                        dependencies.keys().groupSecret(),
                        dependencies.queries().people(),
                        presence::profiled,
                        new RestApi.DeviceBacking(
                                dependencies.queries().devices(),
                                dependencies.keys().push())),
                dependencies.keys().verifier().rejecting(devices::signedOutAt),
                dependencies.platform().front().budgets(),
                run.blocking(),
                dependencies.platform().clock());
    }

    private static Budget connections(GatewayRun run) {
        GatewayConfig.Bounds bounds = run.config().bounds();
        return new Budget(run.sharedByTenants(bounds.connectionsMax()).withUser(bounds.userConnectionsMax()));
    }

    private static Budget commandsInFlight(GatewayRun run, MeterRegistry meters) {
        Budget budget = new Budget(run.sharedByTenants(run.config().bounds().commandsInFlightMax()));
        Gauge.builder("milena.gateway.commands.in.flight", budget, Budget::held)
                .description("Commands of connections that have no outcome yet")
                .register(meters);
        return budget;
    }

    private static OutboxBudget outboxes(GatewayRun run, MeterRegistry meters) {
        Budget budget = new Budget(run.sharedByUsers(run.config().bounds().outboxesBytesMax()));
        Gauge.builder("milena.gateway.outbox.bytes", budget, Budget::held)
                .description("Bytes of frames that wait for clients to read, of all connections")
                .register(meters);
        return new OutboxBudget(budget);
    }
}
