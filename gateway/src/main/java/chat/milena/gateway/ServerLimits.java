package chat.milena.gateway;

import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.gateway.live.PresenceConfig;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.protocol.frame.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// The limits of a gateway by the names that docs/protocol.md gives them, for `GET /api/v1/server`. Times are in
/// milliseconds.
public final class ServerLimits {
    private final Map<String, Long> byName = new TreeMap<>();

    private ServerLimits() {}

    /// All of them.
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
        put("textCharactersMax", limits.textCodePointsMax());
        put("metadataBytesMax", limits.metadataBytesMax());
        put("frameBytesMax", limits.frameBytesMax());
        put("membersMax", limits.membersMax());
    }

    private void rates(RateConfig rates) {
        put("rateMessagesPerSecond", rates.messages().perSecond());
        put("rateMessagesPerMinute", rates.messages().perMinute());
        put("rateTenantMessagesPerSecond", rates.messages().tenantPerSecond());
        put("rateReceiptsPerSecond", rates.receipts().perSecond());
        put("rateTenantReceiptsPerSecond", rates.receipts().tenantPerSecond());
        put("rateConnectionsPerSecond", rates.clients().perSecond());
        put("rateAddressConnectionsPerSecond", rates.clients().addressPerSecond());
        put("ratePolls", rates.clients().pollsPerTenSeconds());
        put("rateMebibytesPerDay", rates.written().mebibytesPerDay());
        put("rateTenantMebibytesPerDay", rates.written().tenantMebibytesPerDay());
        put("rateSyncFrames", Doors.USER_SYNCS.tokens());
    }

    private void connection(ConnectionConfig connection) {
        put("windowMax", connection.commands().windowMax());
        put("answerWithin", connection.commands().deadline());
        put("receiptWindow", connection.commands().receipts().window());
        put("receiptsHeldMax", connection.commands().receipts().heldMax());
        put("outboxBytesMax", connection.outbox().bytesMax());
        put("heartbeatInterval", connection.liveness().heartbeatInterval());
        put("silenceMax", connection.liveness().silenceMax());
        put("frameWithin", connection.liveness().frameWithin());
        put("tokenWarning", connection.liveness().tokenWarning());
        put("rateFramesPerSecond", connection.frames().perSecond());
        put("rateLiveFramesPerSecond", connection.frames().livePerSecond());
        put("malformedFramesPerMinute", connection.frames().malformedMax());
        put("refusedFramesPerMinute", connection.frames().refusedMax());
    }

    private void presence(PresenceConfig presence) {
        put("presenceWatchedMax", presence.watchedMax());
        put("presenceGrace", presence.times().grace());
        put("presencePause", presence.times().pause());
        put("presenceLife", presence.times().life());
        put("typingLife", presence.typingLife());
    }

    private void bounds(GatewayConfig config) {
        put("connectionsMax", config.bounds().connectionsMax());
        put("connectionsPerUser", config.bounds().userConnectionsMax());
        put("tenantSharePercent", config.bounds().tenantSharePercent());
        put("commandsInFlightMax", config.bounds().commandsInFlightMax());
        put("outboxesBytesMax", config.bounds().outboxesBytesMax());
        put("restCallsMax", config.writes().rest().inFlightMax());
        put("resumeMissedMax", config.resume().missed().deliveriesMax());
    }

    private void put(String name, long value) {
        byName.put(name, value);
    }

    private void put(String name, Duration value) {
        byName.put(name, value.toMillis());
    }
}
