package chat.milena.gateway;

import chat.milena.gateway.device.DeviceQuery;
import chat.milena.gateway.device.PushSetup;
import chat.milena.gateway.live.PeopleQuery;
import chat.milena.gateway.live.SyncQuery;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.http.HttpApi;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.topic.TopicCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The gateway as a component of a process: `/ws`, its fallbacks and the REST writes on its [HttpFront], commands
/// to the inbound topic, the deliveries topic to its sockets.
///
/// It starts after the topics exist and stops before the brokers do. A stop drains: clients are asked to reconnect
/// after a time, accepted commands are appended, and only then are the Kafka clients closed.
public final class GatewayService implements Component {
    private static final String NAME = "gateway";

    private final GatewayConfig config;
    private final Dependencies dependencies;
    private @Nullable RunningGateway running;
    private volatile @Nullable HttpApi calls;

    /// The dependencies of a gateway.
    public record Dependencies(Platform platform, Log log, Queries queries, Keys keys) {}

    /// What its process offers.
    ///
    /// @param front where it mounts its paths; started before it
    /// @param onFailure called when the gateway can never work again; it has made itself not ready
    public record Platform(
            HttpFront front, Readiness readiness, MeterRegistry meters, Clock clock, Consumer<Throwable> onFailure) {}

    /// The log.
    ///
    /// @param room whether the disk has room for commands
    public record Log(TopicCatalogue topics, KafkaClients kafka, BooleanSupplier room) {}

    /// The query side.
    ///
    /// @param sync answers the frame `sync`
    /// @param people says who may see whom
    /// @param devices says what is kept of a device
    public record Queries(SyncQuery sync, PeopleQuery people, DeviceQuery devices) {}

    /// What it checks and signs with.
    ///
    /// @param resumeSecret signs resume tokens; the same at all gateways
    /// @param groupSecret the source of ids of groups with an `Idempotency-Key`; the same at all gateways
    /// @param push what devices can be registered with; the same at all gateways
    public record Keys(TokenVerifier verifier, Secret resumeSecret, Secret groupSecret, PushSetup push) {}

    public GatewayService(GatewayConfig config, Dependencies dependencies) {
        this.config = config;
        this.dependencies = dependencies;
        dependencies.platform().readiness().set(NAME, false, "not started");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() throws TopicException {
        dependencies.platform().readiness().set(NAME, false, "starting");
        RunningGateway gateway = RunningGateway.start(config, dependencies, this::failed);
        running = gateway;
        dependencies.platform().front().mount("/ws", gateway.sockets());
        dependencies.platform().front().mount("/events", gateway.events());
        dependencies.platform().front().mount("/poll", gateway.polls());
        HttpApi rest = gateway.rest();
        calls = rest;
        dependencies.platform().front().mount(rest);
        dependencies.platform().readiness().set(NAME, true, "");
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
        dependencies.platform().readiness().set(NAME, false, reason);
        dependencies.platform().front().unmount("/ws");
        dependencies.platform().front().unmount("/events");
        dependencies.platform().front().unmount("/poll");
        HttpApi rest = calls;
        if (rest != null) {
            dependencies.platform().front().unmount(rest);
            calls = null;
        }
    }

    private void failed(Throwable cause) {
        leave("failed: " + cause.getClass().getSimpleName());
        dependencies.platform().onFailure().accept(cause);
    }
}
