package chat.milena.push.pending;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A message that a device may still be notified of.
///
/// @param mentioned whether it mentions the user or everybody
public record PendingMessage(
        long sequenceNumber,
        String messageId,
        String senderId,
        Instant timestamp,
        boolean mentioned,
        @Nullable Instant expiresAt) {

    PendingMessage withMentioned(boolean now) {
        return new PendingMessage(sequenceNumber, messageId, senderId, timestamp, now, expiresAt);
    }
}
