package chat.milena.syncapi.view;

import chat.milena.runtime.config.Settings;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.id.Ids;
import chat.milena.syncapi.read.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// How long events are shown: older ones disappear from answers immediately, and from disk later. Pure.
///
/// @param standard for every tenant without one of its own
/// @param byTenant for single tenants; never longer than the standard, which is how long the log keeps events
public record Retention(Duration standard, Map<String, Duration> byTenant) {

    public Retention {
        byTenant = Map.copyOf(byTenant);
        byTenant.forEach((tenant, own) -> {
            if (!own.isPositive() || own.compareTo(standard) > 0) {
                throw new IllegalArgumentException(
                        "must be above 0 and at most MILENA_RETENTION for the tenant " + tenant);
            }
        });
    }

    /// The same for all tenants.
    public static Retention of(Duration standard) {
        return new Retention(standard, Map.of());
    }

    /// Reads the settings of tenants, such as `shop=7d,demo=1h`, and notes errors there.
    public static Retention of(Settings settings, Duration standard) {
        return settings.read("MILENA_RETENTION_TENANTS", of(standard), text -> parse(text, standard));
    }

    private static Retention parse(String text, Duration standard) {
        Map<String, Duration> byTenant = new HashMap<>();
        for (String entry : text.split(",", -1)) {
            int equals = entry.indexOf('=');
            String tenant = entry.substring(0, Math.max(0, equals)).strip();
            if (!Ids.isValid(tenant)) {
                throw new IllegalArgumentException("must be tenant=duration,tenant=duration, such as shop=7d");
            }
            byTenant.put(
                    tenant, Settings.parseDuration(entry.substring(equals + 1).strip()));
        }
        return new Retention(standard, byTenant);
    }

    /// How long this tenant's events are shown.
    public Duration of(String tenant) {
        return byTenant.getOrDefault(tenant, standard);
    }

    /// Whether an event is no longer shown.
    public boolean isOver(TimelineEvent event, Instant now) {
        if (event.getTimestamp().plus(of(event.getTenant())).isBefore(now)) {
            return true;
        }
        return Expiry.isExpired(event, now);
    }

    /// Whether the message of a list is no longer shown.
    public boolean isOver(Reference reference, Instant now) {
        Instant expiresAt = reference.getExpiresAt();
        return reference.getTimestamp().plus(of(reference.getTenant())).isBefore(now)
                || (expiresAt != null && !expiresAt.isAfter(now));
    }

    /// Whether a message in the queue of moderators is no longer listed: it was sent before it came there.
    public boolean isOver(ReportedMessage reported, Instant now) {
        return reported.getOpenedAt().plus(of(reported.getTenant())).isBefore(now);
    }
}
