package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.TimelineEvent;
import java.time.Duration;
import java.time.Instant;

/// What is too old to be shown at one moment. Immutable.
///
/// @param oldest the latest time that is beyond the tenant's retention
public record Expiry(Instant now, Instant oldest) {

    static Expiry at(Instant now, Duration retention) {
        // A retention that is longer than all time keeps everything.
        boolean always = retention.compareTo(Duration.between(Instant.EPOCH, now)) >= 0;
        return new Expiry(now, always ? Instant.MIN : now.minus(retention));
    }

    /// Whether it is beyond the retention. Since time never goes back in a conversation, everything before it is
    /// too.
    boolean retired(TimelineEvent event) {
        return retired(event.getTimestamp());
    }

    /// Whether this time is beyond the retention.
    boolean retired(Instant timestamp) {
        return !timestamp.isAfter(oldest);
    }

    /// Whether the message of a list is no longer shown, for either reason.
    boolean gone(Reference reference) {
        Instant expiresAt = reference.getExpiresAt();
        return retired(reference.getTimestamp()) || (expiresAt != null && !expiresAt.isAfter(now));
    }

    /// Whether it is no longer shown, for either reason.
    boolean gone(TimelineEvent event) {
        return retired(event) || isExpired(event, now);
    }

    /// Whether an event is a message past its own end.
    public static boolean isExpired(TimelineEvent event, Instant now) {
        Message message = event.getMessage();
        Instant expiresAt = message == null ? null : message.getExpiresAt();
        return expiresAt != null && !expiresAt.isAfter(now);
    }
}
