package chat.milena.gateway;

import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.gateway.command.InboundConfig;
import chat.milena.gateway.live.PresenceConfig;
import chat.milena.gateway.rest.RestConfig;
import chat.milena.gateway.resume.ResumeConfig;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.protocol.frame.Limits;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import java.time.Duration;

/// The settings of a gateway and of its parts. Immutable.
///
/// @param presence the store of presence and typing
public record GatewayConfig(
        Bounds bounds,
        Drain drain,
        Limits limits,
        ConnectionConfig connection,
        Writes writes,
        ResumeConfig resume,
        AllowedOrigins origins,
        PresenceConfig presence) {

    /// The defaults that the protocol documents, on one machine.
    public static final GatewayConfig DEFAULT = new GatewayConfig(
            new Bounds(20_000, 100, 50, 10_000, 256 * 1024 * 1024),
            new Drain(Duration.ofSeconds(5), Duration.ofSeconds(2)),
            Limits.DEFAULT,
            ConnectionConfig.DEFAULT,
            new Writes(InboundConfig.DEFAULT, RestConfig.DEFAULT, RateConfig.DEFAULT),
            ResumeConfig.DEFAULT,
            AllowedOrigins.ANY,
            PresenceConfig.DEFAULT);

    /// Reads the settings, and notes errors there.
    public static GatewayConfig of(Settings settings) {
        ConnectionConfig connection = ConnectionConfig.of(settings);
        return new GatewayConfig(
                Bounds.of(settings),
                Drain.of(settings),
                limits(settings),
                connection,
                Writes.of(settings, connection),
                ResumeConfig.of(settings),
                AllowedOrigins.of(settings),
                PresenceConfig.of(settings));
    }

    /// The same with this bound on sockets.
    public GatewayConfig withConnectionsMax(int other) {
        return new GatewayConfig(
                bounds.withConnectionsMax(other), drain, limits, connection, writes, resume, origins, presence);
    }

    /// The same for these websites.
    public GatewayConfig withOrigins(AllowedOrigins other) {
        return new GatewayConfig(bounds, drain, limits, connection, writes, resume, other, presence);
    }

    /// The same with this store of presence.
    public GatewayConfig withPresence(PresenceConfig other) {
        return new GatewayConfig(bounds, drain, limits, connection, writes, resume, origins, other);
    }

    /// Bounds on all clients together.
    ///
    /// @param connectionsMax sockets; beyond it 503 before the upgrade
    /// @param userConnectionsMax sockets of one user; beyond it 1013
    /// @param tenantSharePercent one tenant's share of the sockets and of the commands without an outcome, beyond
    /// it 1013 or `UNAVAILABLE`; also of the bytes that wait for clients to read
    /// @param commandsInFlightMax commands of all connections without an outcome; beyond it `UNAVAILABLE`
    /// @param outboxesBytesMax bytes of frames that wait for clients to read, of all connections; as it fills,
    /// each may hold less
    public record Bounds(
            int connectionsMax,
            int userConnectionsMax,
            int tenantSharePercent,
            int commandsInFlightMax,
            int outboxesBytesMax) {
        private static final int ALL_PERCENT = 100;
        private static final int MANY = 1_000_000;

        public Bounds {
            if (connectionsMax < 1 || userConnectionsMax < 1 || commandsInFlightMax < 1 || outboxesBytesMax < 1) {
                throw new IllegalArgumentException("each bound must be at least 1");
            }
            if (tenantSharePercent < 1 || tenantSharePercent > ALL_PERCENT) {
                throw new IllegalArgumentException("tenantSharePercent must be from 1 to " + ALL_PERCENT);
            }
        }

        private static Bounds of(Settings settings) {
            Bounds usual = DEFAULT.bounds;
            return new Bounds(
                    settings.integer("MILENA_CONNECTIONS_MAX", usual.connectionsMax, 1, MANY),
                    settings.integer("MILENA_CONNECTIONS_PER_USER", usual.userConnectionsMax, 1, MANY),
                    settings.integer("MILENA_TENANT_SHARE_PERCENT", usual.tenantSharePercent, 1, ALL_PERCENT),
                    settings.integer("MILENA_COMMANDS_IN_FLIGHT_MAX", usual.commandsInFlightMax, 1, MANY),
                    settings.integer(
                            "MILENA_OUTBOXES_BYTES_MAX", usual.outboxesBytesMax, 1024 * 1024, Integer.MAX_VALUE));
        }

        private Bounds withConnectionsMax(int other) {
            return new Bounds(other, userConnectionsMax, tenantSharePercent, commandsInFlightMax, outboxesBytesMax);
        }

        /// One tenant's share of an amount.
        int tenantShare(int all) {
            return Math.max(1, Math.toIntExact((long) all * tenantSharePercent / ALL_PERCENT));
        }
    }

    /// How a gateway stops.
    ///
    /// @param reconnectWithin the time over which clients of a draining gateway reconnect
    /// @param within how long a drain waits for clients to leave
    public record Drain(Duration reconnectWithin, Duration within) {
        public Drain {
            if (reconnectWithin.isNegative() || !within.isPositive()) {
                throw new IllegalArgumentException("reconnectWithin must not be negative, within must be positive");
            }
        }

        private static Drain of(Settings settings) {
            Drain usual = DEFAULT.drain;
            return new Drain(
                    settings.duration(
                            "MILENA_RECONNECT_WITHIN", usual.reconnectWithin, Duration.ZERO, Duration.ofMinutes(10)),
                    settings.duration(
                            "MILENA_DRAIN_WITHIN", usual.within, Duration.ofMillis(1), Duration.ofMinutes(1)));
        }
    }

    /// How commands are accepted and appended.
    ///
    /// @param rates of users and tenants, and of new connections
    public record Writes(InboundConfig inbound, RestConfig rest, RateConfig rates) {
        private static Writes of(Settings settings, ConnectionConfig connection) {
            return new Writes(InboundConfig.of(settings), RestConfig.of(settings, connection), RateConfig.of(settings));
        }
    }

    /// A command must fit into one record of the log, with a margin.
    private static Limits limits(Settings settings) {
        Limits usual = DEFAULT.limits;
        return new Limits(
                settings.integer("MILENA_TEXT_CHARACTERS_MAX", usual.textCodePointsMax(), 1, 100_000),
                settings.integer("MILENA_METADATA_BYTES_MAX", usual.metadataBytesMax(), 2, 256 * 1024),
                settings.integer("MILENA_FRAME_BYTES_MAX", usual.frameBytesMax(), 1_024, 512 * 1024),
                settings.integer("MILENA_MEMBERS_MAX", usual.membersMax(), 2, 10_000));
    }
}
