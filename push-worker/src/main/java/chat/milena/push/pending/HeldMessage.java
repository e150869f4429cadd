package chat.milena.push.pending;

import chat.milena.push.pending.Progress.Mark;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/// A message that is held for a moderator since an edit, before some devices were notified of it.
///
/// @param sequenceNumber the number that it would have notified with
/// @param since when the hold became known here
/// @param deviceIds the devices that its release notifies
public record HeldMessage(long sequenceNumber, String messageId, Instant since, List<String> deviceIds) {
    public HeldMessage {
        deviceIds = List.copyOf(deviceIds);
    }

    static HeldMessage of(PendingMessage message, List<Progress> devices, Instant now) {
        return new HeldMessage(
                message.sequenceNumber(),
                message.messageId(),
                now,
                devices.stream().filter(message::isFor).map(Progress::deviceId).toList());
    }

    /// Whether its release is to notify a device. An outstanding intent may do so already.
    boolean isFor(Progress device) {
        return deviceIds.contains(device.deviceId()) && !isIn(device);
    }

    /// Whether the outstanding intent of a device covers it, as that was made before the hold.
    private boolean isIn(Progress device) {
        Mark outstanding = device.outstanding();
        return outstanding != null
                && outstanding.upTo() >= sequenceNumber
                && !outstanding.since().isAfter(since);
    }

    /// The provider has taken the outstanding intent of a device.
    HeldMessage taken(Progress device) {
        return isIn(device) ? only(id -> !id.equals(device.deviceId())) : this;
    }

    /// For those of its devices that are still registered.
    HeldMessage among(List<Progress> devices) {
        return only(id -> devices.stream().anyMatch(device -> device.deviceId().equals(id)));
    }

    private HeldMessage only(Predicate<String> deviceId) {
        return new HeldMessage(
                sequenceNumber,
                messageId,
                since,
                deviceIds.stream().filter(deviceId).toList());
    }
}
