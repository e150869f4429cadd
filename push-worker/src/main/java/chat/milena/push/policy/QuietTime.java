package chat.milena.push.policy;

import chat.milena.protocol.call.PushFacts.QuietHours;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Whether a moment is in a user's quiet hours: by the clock on the wall, whatever summer time does to it. Pure.
final class QuietTime {
    private QuietTime() {}

    /// @param deviceZone the zone of the device, for quiet hours without one
    static boolean contains(@Nullable QuietHours quiet, @Nullable String deviceZone, Instant now) {
        if (quiet == null) {
            return false;
        }
        LocalTime from;
        LocalTime to;
        try {
            from = LocalTime.parse(quiet.from());
            to = LocalTime.parse(quiet.to());
        } catch (DateTimeException e) {
            return false;
        }
        LocalTime time = now.atZone(zone(quiet.zone(), deviceZone)).toLocalTime();
        return from.isBefore(to)
                ? !time.isBefore(from) && time.isBefore(to)
                : !time.isBefore(from) || time.isBefore(to);
    }

    /// A zone that this Java does not know counts as none.
    private static ZoneId zone(@Nullable String own, @Nullable String device) {
        for (String name : new @Nullable String[] {own, device}) {
            if (name != null) {
                try {
                    return ZoneId.of(name);
                } catch (DateTimeException e) {
                    // The next one.
                }
            }
        }
        return ZoneOffset.UTC;
    }
}
