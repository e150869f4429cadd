package chat.milena.gateway.server;

import chat.milena.gateway.connection.SyncQuery;
import chat.milena.gateway.presence.PeopleQuery;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.health.Readiness;
import chat.milena.runtime.http.HttpApi;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.topic.TopicCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The command side as a component of a process: `/ws`, its fallbacks and the REST writes on its [HttpFront], commands
/// to the inbound
/// topic, the deliveries topic to its sockets.
///
/// It starts after the topics exist and stops before the brokers do. A stop drains: clients are told to go and when to
/// come back, what was taken is appended, and only then are the Kafka clients closed.
public final class GatewayService implements Component {
    private static final String NAME = "gateway";

    private final GatewayConfig config;
    private final Environment environment;
    private @Nullable RunningGateway running;
    private volatile @Nullable HttpApi calls;

    /// What a gateway stands on.
    ///
    /// @param front where it mounts its paths; started before it
    /// @param sync who answers the frame `sync`
    /// @param people who says who may see whom
    /// @param resumeSecret signs resume tokens; the same at all gateways
    /// @param groupSecret what ids of groups with an `Idempotency-Key` follow from; the same at all gateways
    /// @param room whether there is room on the disk for commands
    /// @param onFailure told when the gateway can never work again; it has made itself not ready
    public record Environment(
            HttpFront front,
            TopicCatalogue topics,
            KafkaClients kafka,
            TokenVerifier verifier,
            SyncQuery sync,
            PeopleQuery people,
            Secret resumeSecret,
            Secret groupSecret,
            Clock clock,
            MeterRegistry meters,
            Readiness readiness,
            BooleanSupplier room,
            Consumer<Throwable> onFailure) {}

    public GatewayService(GatewayConfig config, Environment environment) {
        this.config = config;
        this.environment = environment;
        environment.readiness().set(NAME, false, "not started");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() throws TopicException {
        environment.readiness().set(NAME, false, "starting");
        RunningGateway gateway = RunningGateway.start(config, environment, this::failed);
        running = gateway;
        environment.front().mount("/ws", gateway.sockets());
        environment.front().mount("/events", gateway.events());
        environment.front().mount("/poll", gateway.polls());
        HttpApi rest = gateway.rest();
        calls = rest;
        environment.front().mount(rest);
        environment.readiness().set(NAME, true, "");
    }

    @Override
    public void stop(Duration within) throws InterruptedException {
        RunningGateway gateway = running;
        if (gateway == null) {
            return;
        }
        running = null;
        leave("draining");
        gateway.stop(within);
    }

    /// New clients and calls are answered 503 from here on.
    private void leave(String reason) {
        environment.readiness().set(NAME, false, reason);
        environment.front().unmount("/ws");
        environment.front().unmount("/events");
        environment.front().unmount("/poll");
        HttpApi rest = calls;
        if (rest != null) {
            environment.front().unmount(rest);
            calls = null;
        }
    }

    private void failed(Throwable cause) {
        leave("failed: " + cause.getClass().getSimpleName());
        environment.onFailure().accept(cause);
    }
}
