package chat.milena.gateway.device;

import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.read.Devices;
import chat.milena.protocol.timeline.Entry;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;

/// The part of the query side that devices and their users need. Safe for all threads; waits. An answer includes
/// everything that was acked before.
public interface DeviceQuery {
    /// For a process without a query side.
    DeviceQuery NONE = new DeviceQuery() {
        @Override
        public Answer<Kept> device(UserKey user, String deviceId) {
            return new Unavailable<>(Duration.ofMinutes(1));
        }

        @Override
        public Answer<Devices.DeviceLine> line(UserKey user, String deviceId) {
            return new Unavailable<>(Duration.ofMinutes(1));
        }

        @Override
        public Answer<Notifications.ConversationNotifications> notifications(UserKey user, String conversationId) {
            return new Unavailable<>(Duration.ofMinutes(1));
        }

        @Override
        public Answer<PendingWarnings> warnings(UserKey user) {
            return new Unavailable<>(Duration.ofMinutes(1));
        }

        @Override
        public Answer<Entry.Message> message(UserKey user, String conversationId, String messageId) {
            return new Unavailable<>(Duration.ofMinutes(1));
        }
    };

    /// What is kept of a device.
    Answer<Kept> device(UserKey user, String deviceId);

    /// A device as its user sees it.
    Answer<Devices.DeviceLine> line(UserKey user, String deviceId);

    /// What a user is notified of in a conversation.
    Answer<Notifications.ConversationNotifications> notifications(UserKey user, String conversationId);

    /// The warnings that a user is still to be shown.
    Answer<PendingWarnings> warnings(UserKey user);

    /// A message as a user may read it.
    Answer<Entry.Message> message(UserKey user, String conversationId, String messageId);

    /// The result.
    sealed interface Answer<T> {}

    /// This.
    record Found<T>(T value) implements Answer<T> {}

    /// This user may not know.
    record Refused<T>(ErrorCode code, String reason) implements Answer<T> {}

    /// No answer now; safe to retry.
    record Unavailable<T>(Duration retryAfter) implements Answer<T> {}
}
