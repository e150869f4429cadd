package chat.milena.gateway.device;

import java.time.ZoneId;

/// The time zones that clients may name: those of IANA. Pure.
final class TimeZones {
    private TimeZones() {}

    static boolean isKnown(String name) {
        return ZoneId.getAvailableZoneIds().contains(name) && !name.startsWith("SystemV/");
    }
}
