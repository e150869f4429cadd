package chat.milena.gateway.rest;

import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.protocol.call.ServerInfo;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.config.StartRules;
import java.time.Duration;

/// The bounds of REST calls. Immutable.
///
/// @param inFlightMax calls in progress; beyond it 503
/// @param answerWithin how long to wait for the outcome of a command; after it 503
/// @param mayStart whom users may add and start conversations with
/// @param featureLevel the level that clients are sent
public record RestConfig(int inFlightMax, Duration answerWithin, StartRules mayStart, int featureLevel) {
    /// For one machine.
    public static final RestConfig DEFAULT =
            new RestConfig(1_000, Duration.ofSeconds(15), StartRules.ANYONE, ServerInfo.FEATURE_LEVEL);

    public RestConfig {
        if (inFlightMax < 1 || !answerWithin.isPositive()) {
            throw new IllegalArgumentException("inFlightMax must be at least 1, and answerWithin positive");
        }
    }

    /// Reads the settings, and notes errors there.
    ///
    /// @param connection bounds and levels that are the same for other endpoints
    public static RestConfig of(Settings settings, ConnectionConfig connection) {
        return new RestConfig(
                settings.integer("MILENA_REST_CALLS_MAX", DEFAULT.inFlightMax, 1, 100_000),
                connection.commands().deadline(),
                StartRules.of(settings),
                connection.featureLevel());
    }
}
