package chat.milena.gateway.server;

import chat.milena.gateway.connection.ConnectionConfig;
import chat.milena.gateway.connection.ReceiptConfig;
import chat.milena.gateway.frame.Limits;
import chat.milena.gateway.inbound.InboundConfig;
import chat.milena.gateway.presence.PresenceConfig;
import chat.milena.gateway.rate.RateConfig;
import chat.milena.gateway.rest.RestConfig;
import chat.milena.gateway.rest.StartRules;
import chat.milena.gateway.resume.ResumeConfig;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How a gateway is set up: its own settings, and those of its parts. Immutable.
///
/// @param connectionsMax sockets at once; beyond it 503 before the upgrade
/// @param userConnectionsMax sockets of one user; beyond it 1013
/// @param tenantSharePercent how much of the sockets and of the commands without an outcome one tenant may hold; beyond
///     it 1013, or `UNAVAILABLE`; of what waits for clients to read, too
/// @param commandsInFlightMax commands of all connections without an outcome; beyond it `UNAVAILABLE`
/// @param outboxesBytesMax bytes of frames that wait for clients to read, of all connections; as it fills, each
///     may hold less
/// @param shardLinger how long a shard is read on after its last user left
/// @param reconnectWithin clients of a gateway that drains come back spread over this time
/// @param drainWithin how long a drain waits for clients to go
/// @param presence where presence and typing are kept
public record GatewayConfig(
        int connectionsMax,
        int userConnectionsMax,
        int tenantSharePercent,
        int commandsInFlightMax,
        int outboxesBytesMax,
        Duration shardLinger,
        Duration reconnectWithin,
        Duration drainWithin,
        Limits limits,
        ConnectionConfig connection,
        InboundConfig inbound,
        RestConfig rest,
        RateConfig rates,
        ResumeConfig resume,
        AllowedOrigins origins,
        PresenceConfig presence) {

    private static final int ALL_PERCENT = 100;

    /// What the protocol promises, on one machine.
    public static final GatewayConfig DEFAULT = new GatewayConfig(
            20_000,
            100,
            50,
            10_000,
            256 * 1024 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Limits.DEFAULT,
            ConnectionConfig.DEFAULT,
            InboundConfig.DEFAULT,
            RestConfig.DEFAULT,
            RateConfig.DEFAULT,
            ResumeConfig.DEFAULT,
            AllowedOrigins.ANY,
            PresenceConfig.DEFAULT);

    public GatewayConfig {
        List<String> errors = new ArrayList<>();
        if (connectionsMax < 1) {
            errors.add("connectionsMax must be at least 1");
        }
        if (userConnectionsMax < 1) {
            errors.add("userConnectionsMax must be at least 1");
        }
        if (tenantSharePercent < 1 || tenantSharePercent > ALL_PERCENT) {
            errors.add("tenantSharePercent must be from 1 to " + ALL_PERCENT);
        }
        if (commandsInFlightMax < 1) {
            errors.add("commandsInFlightMax must be at least 1");
        }
        if (outboxesBytesMax < 1) {
            errors.add("outboxesBytesMax must be at least 1");
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

    /// Commands of one tenant that wait to be appended.
    int tenantInboundQueueMax() {
        return share(inbound.queueMax());
    }

    private int share(int all) {
        return Math.max(1, Math.toIntExact((long) all * tenantSharePercent / ALL_PERCENT));
    }

    /// What the environment says; what is wrong with it is noted there.
    public static GatewayConfig of(Settings environment) {
        ConnectionConfig connection = connection(environment);
        return new GatewayConfig(
                environment.integer("MILENA_CONNECTIONS_MAX", DEFAULT.connectionsMax(), 1, 1_000_000),
                environment.integer("MILENA_CONNECTIONS_PER_USER", DEFAULT.userConnectionsMax(), 1, 1_000_000),
                environment.integer("MILENA_TENANT_SHARE_PERCENT", DEFAULT.tenantSharePercent(), 1, ALL_PERCENT),
                environment.integer("MILENA_COMMANDS_IN_FLIGHT_MAX", DEFAULT.commandsInFlightMax(), 1, 1_000_000),
                environment.integer(
                        "MILENA_OUTBOXES_BYTES_MAX", DEFAULT.outboxesBytesMax(), 1024 * 1024, Integer.MAX_VALUE),
                DEFAULT.shardLinger(),
                environment.duration(
                        "MILENA_RECONNECT_WITHIN", DEFAULT.reconnectWithin(), Duration.ZERO, Duration.ofMinutes(10)),
                environment.duration(
                        "MILENA_DRAIN_WITHIN", DEFAULT.drainWithin(), Duration.ofMillis(1), Duration.ofMinutes(1)),
                limits(environment),
                connection,
                DEFAULT.inbound()
                        .withLinger(environment.duration(
                                "MILENA_APPEND_LINGER",
                                DEFAULT.inbound().linger(),
                                Duration.ZERO,
                                Duration.ofSeconds(1))),
                rest(environment, connection.commandDeadline()),
                rates(environment),
                resume(environment),
                AllowedOrigins.of(environment),
                PresenceConfig.of(environment));
    }

    /// The same with room for other many sockets.
    public GatewayConfig withConnectionsMax(int other) {
        return new GatewayConfig(
                other,
                userConnectionsMax,
                tenantSharePercent,
                commandsInFlightMax,
                outboxesBytesMax,
                shardLinger,
                reconnectWithin,
                drainWithin,
                limits,
                connection,
                inbound,
                rest,
                rates,
                resume,
                origins,
                presence);
    }

    /// The same with presence kept elsewhere.
    public GatewayConfig withPresence(PresenceConfig other) {
        return new GatewayConfig(
                connectionsMax,
                userConnectionsMax,
                tenantSharePercent,
                commandsInFlightMax,
                outboxesBytesMax,
                shardLinger,
                reconnectWithin,
                drainWithin,
                limits,
                connection,
                inbound,
                rest,
                rates,
                resume,
                origins,
                other);
    }

    /// A command must fit into one record of the log, with room to spare.
    private static Limits limits(Settings environment) {
        Limits usual = DEFAULT.limits();
        return new Limits(
                environment.integer("MILENA_TEXT_CHARACTERS_MAX", usual.textCodePointsMax(), 1, 100_000),
                environment.integer("MILENA_METADATA_BYTES_MAX", usual.metadataBytesMax(), 2, 256 * 1024),
                environment.integer("MILENA_FRAME_BYTES_MAX", usual.frameBytesMax(), 1_024, 512 * 1024),
                environment.integer("MILENA_MEMBERS_MAX", usual.membersMax(), 2, 10_000));
    }

    private static ConnectionConfig connection(Settings environment) {
        ConnectionConfig usual = DEFAULT.connection();
        Duration heartbeat = environment.duration(
                "MILENA_HEARTBEAT_INTERVAL", usual.heartbeatInterval(), Duration.ofSeconds(1), Duration.ofMinutes(10));
        Duration silence = environment.duration(
                "MILENA_SILENCE_MAX", usual.silenceMax(), Duration.ofSeconds(1), Duration.ofHours(1));
        if (silence.compareTo(heartbeat) <= 0) {
            environment.refuse("MILENA_SILENCE_MAX must be over MILENA_HEARTBEAT_INTERVAL");
            silence = heartbeat.multipliedBy(2);
        }
        return new ConnectionConfig(
                environment.integer("MILENA_WINDOW_MAX", usual.windowMax(), 1, 100_000),
                environment.duration(
                        "MILENA_ANSWER_WITHIN", usual.commandDeadline(), Duration.ofSeconds(1), Duration.ofMinutes(5)),
                environment.integer("MILENA_OUTBOX_BYTES_MAX", usual.outboxBytesMax(), 64 * 1024, 64 * 1024 * 1024),
                usual.missedConversationsMax(),
                heartbeat,
                silence,
                environment.duration(
                        "MILENA_FRAME_WITHIN", usual.frameWithin(), Duration.ofSeconds(1), Duration.ofHours(1)),
                environment.duration(
                        "MILENA_TOKEN_WARNING", usual.tokenWarning(), Duration.ofSeconds(1), Duration.ofHours(1)),
                environment.integer(
                        "MILENA_RATE_FRAMES_PER_SECOND",
                        usual.framesPerSecond(),
                        0,
                        ConnectionConfig.FRAMES_PER_SECOND_MAX),
                environment.integer(
                        "MILENA_RATE_LIVE_FRAMES_PER_SECOND",
                        usual.liveFramesPerSecond(),
                        0,
                        ConnectionConfig.FRAMES_PER_SECOND_MAX),
                environment.integer("MILENA_MALFORMED_FRAMES_PER_MINUTE", usual.malformedMax(), 1, 100_000),
                environment.integer("MILENA_REFUSED_FRAMES_PER_MINUTE", usual.refusedMax(), 1, 100_000),
                usual.closeTimeout(),
                receipts(environment));
    }

    private static ReceiptConfig receipts(Settings environment) {
        ReceiptConfig usual = DEFAULT.connection().receipts();
        return new ReceiptConfig(
                environment.duration(
                        "MILENA_RECEIPT_WINDOW", usual.window(), Duration.ofMillis(1), Duration.ofSeconds(5)),
                environment.integer("MILENA_RECEIPTS_HELD_MAX", usual.heldMax(), 1, 100_000),
                usual.inFlightMax());
    }

    private static RestConfig rest(Settings environment, Duration answerWithin) {
        RestConfig usual = DEFAULT.rest();
        return new RestConfig(
                environment.integer("MILENA_REST_CALLS_MAX", usual.inFlightMax(), 1, 100_000),
                answerWithin,
                StartRules.of(environment));
    }

    private static RateConfig rates(Settings environment) {
        RateConfig usual = DEFAULT.rates();
        return new RateConfig(
                rate(environment, "MILENA_RATE_MESSAGES_PER_SECOND", usual.messagesPerSecond()),
                rate(environment, "MILENA_RATE_MESSAGES_PER_MINUTE", usual.messagesPerMinute()),
                rate(environment, "MILENA_RATE_TENANT_MESSAGES_PER_SECOND", usual.tenantMessagesPerSecond()),
                rate(environment, "MILENA_RATE_CONNECTIONS_PER_SECOND", usual.connectionsPerSecond()),
                rate(environment, "MILENA_RATE_ADDRESS_CONNECTIONS_PER_SECOND", usual.addressConnectionsPerSecond()),
                rate(environment, "MILENA_RATE_RECEIPTS_PER_SECOND", usual.receiptsPerSecond()),
                rate(environment, "MILENA_RATE_TENANT_RECEIPTS_PER_SECOND", usual.tenantReceiptsPerSecond()),
                rate(environment, "MILENA_RATE_POLLS", usual.pollsPerTenSeconds()),
                environment.integer(
                        "MILENA_RATE_MEBIBYTES_PER_DAY", usual.mebibytesPerDay(), 0, RateConfig.MEBIBYTES_MAX),
                environment.integer(
                        "MILENA_RATE_TENANT_MEBIBYTES_PER_DAY",
                        usual.tenantMebibytesPerDay(),
                        0,
                        RateConfig.MEBIBYTES_MAX));
    }

    private static ResumeConfig resume(Settings environment) {
        ResumeConfig usual = DEFAULT.resume();
        return usual.withRecent(
                        environment.integer("MILENA_RESUME_RECENT_MAX", usual.recentDeliveriesMax(), 0, 10_000_000),
                        environment.integer(
                                "MILENA_RESUME_RECENT_BYTES_MAX",
                                Math.toIntExact(usual.recentBytesMax()),
                                0,
                                Integer.MAX_VALUE))
                .withMissedDeliveriesMax(
                        environment.integer("MILENA_RESUME_MISSED_MAX", usual.missedDeliveriesMax(), 0, 1_000_000));
    }

    private static int rate(Settings environment, String name, int usual) {
        return environment.integer(name, usual, 0, 1_000_000);
    }
}
