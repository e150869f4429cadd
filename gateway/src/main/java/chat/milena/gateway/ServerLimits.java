package chat.milena.gateway;

import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.gateway.live.PresenceConfig;
import chat.milena.gateway.rest.RestApi;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.protocol.call.ServerLimit;
import chat.milena.protocol.frame.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The values of a gateway's [ServerLimit]s by name, for `GET /api/v1/server`. Times are in milliseconds.
public final class ServerLimits {
    /// Those of content and of what users keep, which no setting changes.
    private static final Set<ServerLimit> FIXED = Set.of(
            ServerLimit.MENTIONS_MAX,
            ServerLimit.REASON_CHARACTERS_MAX,
            ServerLimit.EMOJI_CHARACTERS_MAX,
            ServerLimit.EMOJIS_MAX,
            ServerLimit.EMOJIS_EVER_MAX,
            ServerLimit.PINS_MAX,
            ServerLimit.DRAFT_CHARACTERS_MAX,
            ServerLimit.PROFILE_NAME_CHARACTERS_MAX,
            ServerLimit.PROFILE_CUSTOM_BYTES_MAX,
            ServerLimit.PROFILE_IDS_MAX,
            ServerLimit.BLOCKS_MAX,
            ServerLimit.DEVICES_MAX,
            ServerLimit.DEVICE_TOKEN_CHARACTERS_MAX);

    private final Map<String, Long> byName = new TreeMap<>();

    private ServerLimits() {}

    /// The values of this configuration.
    public static Map<String, Long> of(GatewayConfig config) {
        ServerLimits limits = new ServerLimits();
        limits.sizes(config.limits());
        limits.rates(config.writes().rates());
        limits.connection(config.connection());
        limits.presence(config.presence());
        limits.bounds(config);
        return limits.byName;
    }

    private void sizes(Limits limits) {
        put(ServerLimit.TEXT_CHARACTERS_MAX, limits.textCodePointsMax());
        put(ServerLimit.METADATA_BYTES_MAX, limits.metadataBytesMax());
        put(ServerLimit.FRAME_BYTES_MAX, limits.frameBytesMax());
        put(ServerLimit.MEMBERS_MAX, limits.membersMax());
        FIXED.forEach(limit -> put(limit, limit.initial()));
    }

    private void rates(RateConfig rates) {
        put(ServerLimit.RATE_MESSAGES_PER_SECOND, rates.messages().perSecond());
        put(ServerLimit.RATE_MESSAGES_PER_MINUTE, rates.messages().perMinute());
        put(ServerLimit.RATE_TENANT_MESSAGES_PER_SECOND, rates.messages().tenantPerSecond());
        put(ServerLimit.RATE_RECEIPTS_PER_SECOND, rates.receipts().perSecond());
        put(ServerLimit.RATE_TENANT_RECEIPTS_PER_SECOND, rates.receipts().tenantPerSecond());
        put(ServerLimit.RATE_CONNECTIONS_PER_SECOND, rates.clients().perSecond());
        put(ServerLimit.RATE_ADDRESS_CONNECTIONS_PER_SECOND, rates.clients().addressPerSecond());
        put(ServerLimit.RATE_POLLS, rates.clients().pollsPerTenSeconds());
        put(ServerLimit.RATE_MEBIBYTES_PER_DAY, rates.written().mebibytesPerDay());
        put(ServerLimit.RATE_TENANT_MEBIBYTES_PER_DAY, rates.written().tenantMebibytesPerDay());
        put(ServerLimit.RATE_SYNC_FRAMES, Endpoints.USER_SYNCS.tokens());
        put(ServerLimit.RATE_REPORTS, RestApi.REPORTS_PER_HOUR);
    }

    private void connection(ConnectionConfig connection) {
        put(ServerLimit.WINDOW_MAX, connection.commands().windowMax());
        put(ServerLimit.ANSWER_WITHIN, connection.commands().deadline());
        put(ServerLimit.RECEIPT_WINDOW, connection.commands().receipts().window());
        put(ServerLimit.RECEIPTS_HELD_MAX, connection.commands().receipts().heldMax());
        put(ServerLimit.RECEIPTS_BROADCAST_MAX, connection.commands().receipts().broadcastMax());
        put(ServerLimit.OUTBOX_BYTES_MAX, connection.outbox().bytesMax());
        put(ServerLimit.HEARTBEAT_INTERVAL, connection.liveness().heartbeatInterval());
        put(ServerLimit.SILENCE_MAX, connection.liveness().silenceMax());
        put(ServerLimit.FRAME_WITHIN, connection.liveness().frameWithin());
        put(ServerLimit.TOKEN_WARNING, connection.liveness().tokenWarning());
        put(ServerLimit.RATE_FRAMES_PER_SECOND, connection.frames().perSecond());
        put(ServerLimit.RATE_LIVE_FRAMES_PER_SECOND, connection.frames().livePerSecond());
        put(ServerLimit.MALFORMED_FRAMES_PER_MINUTE, connection.frames().malformedMax());
        put(ServerLimit.REFUSED_FRAMES_PER_MINUTE, connection.frames().refusedMax());
    }

    private void presence(PresenceConfig presence) {
        put(ServerLimit.PRESENCE_WATCHED_MAX, presence.watchedMax());
        put(ServerLimit.PRESENCE_GRACE, presence.times().grace());
        put(ServerLimit.PRESENCE_PAUSE, presence.times().pause());
        put(ServerLimit.PRESENCE_LIFE, presence.times().life());
        put(ServerLimit.TYPING_LIFE, presence.typingLife());
        put(ServerLimit.TYPING_BROADCAST_MAX, presence.typingMembersMax());
    }

    private void bounds(GatewayConfig config) {
        put(ServerLimit.CONNECTIONS_MAX, config.bounds().connectionsMax());
        put(ServerLimit.CONNECTIONS_PER_USER, config.bounds().userConnectionsMax());
        put(ServerLimit.TENANT_SHARE_PERCENT, config.bounds().tenantSharePercent());
        put(ServerLimit.COMMANDS_IN_FLIGHT_MAX, config.bounds().commandsInFlightMax());
        put(ServerLimit.OUTBOXES_BYTES_MAX, config.bounds().outboxesBytesMax());
        put(ServerLimit.REST_CALLS_MAX, config.writes().rest().inFlightMax());
        put(ServerLimit.RESUME_MISSED_MAX, config.resume().missed().deliveriesMax());
    }

    private void put(ServerLimit limit, long value) {
        byName.put(limit.word(), value);
    }

    private void put(ServerLimit limit, Duration value) {
        put(limit, value.toMillis());
    }
}
