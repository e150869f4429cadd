package chat.milena.gateway.server;

import chat.milena.gateway.connection.ConnectionConfig;
import chat.milena.gateway.frame.Limits;
import chat.milena.gateway.inbound.InboundConfig;
import chat.milena.gateway.rest.RestConfig;
import chat.milena.runtime.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How a gateway is set up: its own settings, and those of its parts. Immutable.
///
/// @param connectionsMax sockets at once; beyond it 503 before the upgrade
/// @param commandsInFlightMax commands of all connections without an outcome; beyond it `UNAVAILABLE`
/// @param shardLinger how long a shard is read on after its last user left
/// @param reconnectWithin clients of a gateway that drains come back spread over this time
/// @param drainWithin how long a drain waits for clients to go
public record GatewayConfig(
        int connectionsMax,
        int commandsInFlightMax,
        Duration shardLinger,
        Duration reconnectWithin,
        Duration drainWithin,
        Limits limits,
        ConnectionConfig connection,
        InboundConfig inbound,
        RestConfig rest) {

    private static final String PREFIX = "MILENA_GATEWAY_";

    /// What the protocol promises, on one machine.
    public static final GatewayConfig DEFAULT = new GatewayConfig(
            20_000,
            10_000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Limits.DEFAULT,
            ConnectionConfig.DEFAULT,
            InboundConfig.DEFAULT,
            RestConfig.DEFAULT);

    public GatewayConfig {
        List<String> errors = new ArrayList<>();
        if (connectionsMax < 1) {
            errors.add("connectionsMax must be at least 1");
        }
        if (commandsInFlightMax < 1) {
            errors.add("commandsInFlightMax must be at least 1");
        }
        if (shardLinger.isNegative()) {
            errors.add("shardLinger must not be negative");
        }
        if (reconnectWithin.isNegative()) {
            errors.add("reconnectWithin must not be negative");
        }
        if (!drainWithin.isPositive()) {
            errors.add("drainWithin must be positive");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// What an operator may want to change, from the environment: `MILENA_GATEWAY_CONNECTIONS_MAX`, `…_COMMANDS_MAX`,
    /// `…_OUTBOX_BYTES_MAX` and `…_LINGER`. Wrong values are noted in the settings.
    public static GatewayConfig of(Settings settings) {
        ConnectionConfig connection = ConnectionConfig.DEFAULT;
        InboundConfig inbound = InboundConfig.DEFAULT;
        return new GatewayConfig(
                settings.integer(PREFIX + "CONNECTIONS_MAX", DEFAULT.connectionsMax, 1, 1_000_000),
                settings.integer(PREFIX + "COMMANDS_MAX", DEFAULT.commandsInFlightMax, 1, 1_000_000),
                DEFAULT.shardLinger,
                DEFAULT.reconnectWithin,
                DEFAULT.drainWithin,
                DEFAULT.limits,
                connection.withOutboxBytesMax(settings.integer(
                        PREFIX + "OUTBOX_BYTES_MAX", connection.outboxBytesMax(), 64 * 1024, 64 * 1024 * 1024)),
                inbound.withLinger(settings.duration(
                        PREFIX + "LINGER", inbound.linger(), Duration.ofMillis(0), Duration.ofSeconds(1))),
                DEFAULT.rest);
    }
}
