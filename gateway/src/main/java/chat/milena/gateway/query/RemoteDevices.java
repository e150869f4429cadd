package chat.milena.gateway.query;

import chat.milena.gateway.device.DeviceQuery;
import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.call.GatewayQuestion;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.json.RecordJson;
import chat.milena.protocol.read.Devices;
import chat.milena.protocol.timeline.Entry;
import chat.milena.schemas.key.UserKey;
import java.io.IOException;
import java.time.Duration;

/// Asks sync APIs about devices. Safe for all threads; waits.
final class RemoteDevices implements DeviceQuery {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final SyncApis apis;

    RemoteDevices(SyncApis apis) {
        this.apis = apis;
    }

    @Override
    public Answer<Kept> device(UserKey user, String deviceId) {
        return ask(new GatewayQuestion.Device(user.tenant(), user.userId(), deviceId), Kept.class);
    }

    @Override
    public Answer<Devices.DeviceLine> line(UserKey user, String deviceId) {
        return ask(new GatewayQuestion.DeviceLine(user.tenant(), user.userId(), deviceId), Devices.DeviceLine.class);
    }

    @Override
    public Answer<Notifications.ConversationNotifications> notifications(UserKey user, String conversationId) {
        return ask(
                new GatewayQuestion.Level(user.tenant(), user.userId(), conversationId),
                Notifications.ConversationNotifications.class);
    }

    @Override
    public Answer<PendingWarnings> warnings(UserKey user) {
        return ask(new GatewayQuestion.PendingWarned(user.tenant(), user.userId()), PendingWarnings.class);
    }

    @Override
    public Answer<Entry.Message> message(UserKey user, String conversationId, String messageId) {
        return ask(
                new GatewayQuestion.OneMessage(user.tenant(), user.userId(), conversationId, messageId),
                Entry.Message.class);
    }

    private <T extends Record> Answer<T> ask(GatewayQuestion question, Class<T> type) {
        try {
            SyncApis.Answer answer = apis.ask(question);
            if (answer == null) {
                return new Unavailable<>(RETRY_SOON);
            }
            if (answer.status() == 200) {
                return new Found<>(RecordJson.read(answer.body(), type));
            }
            return switch (RemoteRefusal.of(answer)) {
                case RemoteRefusal.Refused(var code, var reason) -> new Refused<>(code, reason);
                case RemoteRefusal.Unavailable(var retryAfter) -> new Unavailable<>(retryAfter);
            };
        } catch (IOException e) {
            return new Unavailable<>(RETRY_SOON);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unavailable<>(RETRY_SOON);
        }
    }
}
