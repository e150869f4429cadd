package chat.milena.syncapi.view;

import chat.milena.runtime.config.Settings;
import chat.milena.syncapi.read.Retention;
import java.time.Duration;

/// What the views keep, and how often they look for what they need not keep any longer.
///
/// @param expiryInterval from one walk through the history to the next
public record ViewsConfig(Retention retention, Duration expiryInterval) {

    /// What the environment says.
    ///
    /// @param retention how long the log keeps events
    public static ViewsConfig of(Settings environment, Duration retention) {
        return new ViewsConfig(
                Retention.of(environment, retention),
                environment.duration(
                        "MILENA_VIEWS_EXPIRY_INTERVAL",
                        Duration.ofHours(1),
                        Duration.ofSeconds(1),
                        Duration.ofDays(7)));
    }
}
