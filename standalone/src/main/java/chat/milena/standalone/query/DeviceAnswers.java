package chat.milena.standalone.query;

import chat.milena.gateway.device.DeviceQuery;
import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.read.Devices;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.http.CallAnswer;
import chat.milena.syncapi.http.DevicesCall;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Translates the gateway's questions about devices to the query side of this process. Safe for all threads; blocks.
public final class DeviceAnswers implements DeviceQuery {
    private final Supplier<@Nullable DevicesCall> call;

    /// @param call null until the query side has started
    public DeviceAnswers(Supplier<@Nullable DevicesCall> call) {
        this.call = call;
    }

    @Override
    public Answer<Kept> device(UserKey user, String deviceId) {
        DevicesCall devices = call.get();
        return devices == null ? NONE.device(user, deviceId) : of(devices.device(user, deviceId));
    }

    @Override
    public Answer<Devices.DeviceLine> line(UserKey user, String deviceId) {
        DevicesCall devices = call.get();
        return devices == null ? NONE.line(user, deviceId) : of(devices.line(user, deviceId));
    }

    @Override
    public Answer<Notifications.ConversationNotifications> notifications(UserKey user, String conversationId) {
        DevicesCall devices = call.get();
        return devices == null ? NONE.notifications(user, conversationId) : of(devices.level(user, conversationId));
    }

    private static <T extends Record> Answer<T> of(CallAnswer<T> answer) {
        return switch (answer) {
            case CallAnswer.Answered<T>(var value) -> new Found<>(value);
            case CallAnswer.Refused<T>(var code, var reason) -> new Refused<>(code, reason);
            case CallAnswer.Unavailable<T>(var reason, var retryAfter) -> new Unavailable<>(retryAfter);
        };
    }
}
