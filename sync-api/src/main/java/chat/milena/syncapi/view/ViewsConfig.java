package chat.milena.syncapi.view;

import chat.milena.runtime.config.Settings;
import java.time.Duration;

/// What the views keep, and how often they remove the rest.
///
/// @param expiryInterval from one walk through the history to the next
public record ViewsConfig(Retention retention, Duration expiryInterval) {

    /// Reads the settings.
    ///
    /// @param retention how long the log keeps events
    public static ViewsConfig of(Settings settings, Duration retention) {
        return new ViewsConfig(
                Retention.of(settings, retention),
                settings.duration(
                        "MILENA_VIEWS_EXPIRY_INTERVAL",
                        Duration.ofHours(1),
                        Duration.ofSeconds(1),
                        Duration.ofDays(7)));
    }
}
