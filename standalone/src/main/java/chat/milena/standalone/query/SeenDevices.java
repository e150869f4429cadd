package chat.milena.standalone.query;

import chat.milena.ephemeral.presence.DevicePresence;
import chat.milena.ephemeral.presence.PresenceTimes;
import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.person.SeenDevice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Translates what Redis knows of devices for the query side. Safe for all threads; waits for Redis.
public record SeenDevices(DevicePresence presence) implements Function<UserKey, Optional<List<SeenDevice>>>, Component {
    /// Reads the settings, and notes errors there.
    public static SeenDevices of(Settings environment) {
        RedisConfig redis = RedisConfig.of(environment);
        return new SeenDevices(
                new DevicePresence(redis::url, redis.timeout(), PresenceTimes.of(environment), System::nanoTime));
    }

    @Override
    public Optional<List<SeenDevice>> apply(UserKey user) {
        return presence.of(user, Duration.ZERO)
                .map(seen -> seen.stream()
                        .map(device -> new SeenDevice(
                                device.deviceId(),
                                device.status() != PresenceStatus.OFFLINE,
                                device.firstSeenMillis(),
                                device.lastSeenMillis()))
                        .toList());
    }

    @Override
    public String name() {
        return "devices";
    }

    @Override
    public void start() {}

    @Override
    public void stop(Duration within) {
        presence.close();
    }
}
