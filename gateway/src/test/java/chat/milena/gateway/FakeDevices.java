package chat.milena.gateway;

import chat.milena.gateway.device.DeviceQuery;
import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.read.Devices;
import chat.milena.protocol.timeline.Entry;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A query side that says what a test has put there about devices, and can be away.
public final class FakeDevices implements DeviceQuery {
    public final Map<DeviceKey, Kept> kept = new ConcurrentHashMap<>();
    public final Map<UserKey, PendingWarnings> warnings = new ConcurrentHashMap<>();
    public volatile boolean away;

    /// Runs while a question is answered.
    public volatile Runnable meanwhile = () -> {};

    @Override
    public Answer<Kept> device(UserKey user, String deviceId) {
        Kept found = kept.getOrDefault(new DeviceKey(user, deviceId), Kept.nothing(deviceId));
        meanwhile.run();
        return away ? new Unavailable<>(Duration.ofSeconds(1)) : new Found<>(found);
    }

    @Override
    public Answer<Devices.DeviceLine> line(UserKey user, String deviceId) {
        return away
                ? new Unavailable<>(Duration.ofSeconds(1))
                : new Found<>(new Devices.DeviceLine(deviceId, null, null, "2026-01-01T00:00:00Z", null));
    }

    @Override
    public Answer<PendingWarnings> warnings(UserKey user) {
        meanwhile.run();
        return away
                ? new Unavailable<>(Duration.ofSeconds(1))
                : new Found<>(warnings.getOrDefault(user, new PendingWarnings(List.of(), List.of())));
    }

    @Override
    public Answer<Entry.Message> message(UserKey user, String conversationId, String messageId) {
        return new Unavailable<>(Duration.ofSeconds(1));
    }

    @Override
    public Answer<Notifications.ConversationNotifications> notifications(UserKey user, String conversationId) {
        return away
                ? new Unavailable<>(Duration.ofSeconds(1))
                : new Found<>(new Notifications.ConversationNotifications(conversationId, null, "all", false, null));
    }
}
