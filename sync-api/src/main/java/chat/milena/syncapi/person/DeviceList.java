package chat.milena.syncapi.person;

import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.call.DeviceRecords.Registration;
import chat.milena.protocol.call.ServerLimit;
import chat.milena.protocol.read.Devices;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the list of a user's devices of those that are registered and those that were seen. Pure.
public final class DeviceList {
    private static final int DEVICES_MAX = (int) ServerLimit.DEVICES_MAX.initial();

    /// Beyond the bound, devices without a registration go, those that are not connected and longest unseen first.
    private static final Comparator<Devices.DeviceLine> STAYS_LONGEST = Comparator.comparing(
                    (Devices.DeviceLine line) -> line.push() == null)
            .thenComparing(line -> !Boolean.TRUE.equals(line.connected()))
            .thenComparing(DeviceList::seen, Comparator.reverseOrder())
            .thenComparing(Devices.DeviceLine::deviceId);

    private static final Comparator<Devices.DeviceLine> SHOWN_FIRST = Comparator.comparing(
                    (Devices.DeviceLine line) -> !Boolean.TRUE.equals(line.connected()))
            .thenComparing(DeviceList::seen, Comparator.reverseOrder())
            .thenComparing(Devices.DeviceLine::deviceId);

    /// Within this time after the sign-out its connections have ended everywhere, and been noted.
    private static final Duration CONNECTIONS_END = Duration.ofSeconds(10);

    private DeviceList() {}

    /// The list.
    ///
    /// @param seen null while that is not known
    public static Devices of(List<Kept> registered, @Nullable List<SeenDevice> seen) {
        Map<String, Devices.DeviceLine> lines = new LinkedHashMap<>();
        Map<String, SeenDevice> byId = new LinkedHashMap<>();
        if (seen != null) {
            seen.forEach(device -> byId.put(device.deviceId(), device));
        }
        for (Kept kept : registered) {
            SeenDevice found = byId.remove(kept.deviceId());
            if (!isSignedOut(kept, found)) {
                lines.put(kept.deviceId(), line(kept, found, seen != null));
            }
        }
        byId.forEach((deviceId, device) -> lines.put(deviceId, line(device)));
        return new Devices(lines.values().stream()
                .sorted(STAYS_LONGEST)
                .limit(DEVICES_MAX)
                .sorted(SHOWN_FIRST)
                .toList());
    }

    /// Whether it was signed out and has not come back.
    private static boolean isSignedOut(Kept kept, @Nullable SeenDevice seen) {
        if (kept.signedOutAt() == null || kept.push() != null) {
            return false;
        }
        return seen == null
                || (!seen.connected() && seen.lastSeenMillis() <= kept.signedOutAt() + CONNECTIONS_END.toMillis());
    }

    private static long seen(Devices.DeviceLine line) {
        return line.lastSeen() == null ? 0 : line.lastSeen();
    }

    private static Devices.DeviceLine line(Kept kept, @Nullable SeenDevice seen, boolean isKnown) {
        Registration push = kept.push();
        return new Devices.DeviceLine(
                kept.deviceId(),
                isKnown ? seen != null && seen.connected() : null,
                seen == null ? null : seen.lastSeenMillis(),
                String.valueOf(kept.createdAt()),
                push == null ? null : push.shown());
    }

    private static Devices.DeviceLine line(SeenDevice seen) {
        return new Devices.DeviceLine(
                seen.deviceId(),
                seen.connected(),
                seen.lastSeenMillis(),
                Instant.ofEpochMilli(seen.firstSeenMillis()).toString(),
                null);
    }
}
