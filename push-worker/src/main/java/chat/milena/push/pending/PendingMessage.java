package chat.milena.push.pending;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message that a device may still be notified of.
///
/// @param mentioned whether it mentions the user or everybody
/// @param deviceIds the only devices that it is for; empty for all
public record PendingMessage(
        long sequenceNumber,
        String messageId,
        String senderId,
        Instant timestamp,
        boolean mentioned,
        @Nullable Instant expiresAt,
        List<String> deviceIds) {
    public PendingMessage {
        deviceIds = List.copyOf(deviceIds);
    }

    /// A message for all devices.
    public PendingMessage(
            long sequenceNumber,
            String messageId,
            String senderId,
            Instant timestamp,
            boolean mentioned,
            @Nullable Instant expiresAt) {
        this(sequenceNumber, messageId, senderId, timestamp, mentioned, expiresAt, List.of());
    }

    /// Whether a device is still to be notified of it.
    boolean isFor(Progress device) {
        return sequenceNumber > device.settledUpTo() && (deviceIds.isEmpty() || deviceIds.contains(device.deviceId()));
    }

    PendingMessage onlyFor(List<String> devices) {
        return new PendingMessage(sequenceNumber, messageId, senderId, timestamp, mentioned, expiresAt, devices);
    }

    PendingMessage withMentioned(boolean now) {
        return new PendingMessage(sequenceNumber, messageId, senderId, timestamp, now, expiresAt, deviceIds);
    }
}
