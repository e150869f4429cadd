package chat.milena.standalone.query;

import chat.milena.gateway.device.DeviceQuery;
import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.read.Devices;
import chat.milena.protocol.timeline.Entry;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.http.CallAnswer;
import chat.milena.syncapi.http.DevicesCall;
import chat.milena.syncapi.http.ModerationCalls;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Translates the gateway's questions about devices to the query side of this process. Safe for all threads; blocks.
public final class DeviceAnswers implements DeviceQuery {
    private final Supplier<@Nullable DevicesCall> call;
    private final Supplier<@Nullable ModerationCalls> moderation;

    /// @param call null until the query side has started
    /// @param moderation the same
    public DeviceAnswers(Supplier<@Nullable DevicesCall> call, Supplier<@Nullable ModerationCalls> moderation) {
        this.call = call;
        this.moderation = moderation;
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

    @Override
    public Answer<PendingWarnings> warnings(UserKey user) {
        ModerationCalls calls = moderation.get();
        return calls == null ? NONE.warnings(user) : of(calls.warnings(user));
    }

    @Override
    public Answer<Entry.Message> message(UserKey user, String conversationId, String messageId) {
        ModerationCalls calls = moderation.get();
        return calls == null
                ? NONE.message(user, conversationId, messageId)
                : of(calls.message(user, conversationId, messageId));
    }

    private static <T extends Record> Answer<T> of(CallAnswer<T> answer) {
        return switch (answer) {
            case CallAnswer.Answered<T>(var value) -> new Found<>(value);
            case CallAnswer.Refused<T>(var code, var reason) -> new Refused<>(code, reason);
            case CallAnswer.Unavailable<T>(var reason, var retryAfter) -> new Unavailable<>(retryAfter);
        };
    }
}
