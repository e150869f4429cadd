package chat.milena.gateway.rest;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.config.StartRules;
import java.time.Duration;

/// What REST calls may use. Immutable.
///
/// @param inFlightMax calls in progress; beyond it 503
/// @param answerWithin how long the outcome of a command is waited for; after it 503
/// @param mayStart who may start conversations with, and add, whom
public record RestConfig(int inFlightMax, Duration answerWithin, StartRules mayStart) {
    /// What one machine carries.
    public static final RestConfig DEFAULT = new RestConfig(1_000, Duration.ofSeconds(15), StartRules.ANYONE);

    public RestConfig {
        if (inFlightMax < 1 || !answerWithin.isPositive()) {
            throw new IllegalArgumentException("inFlightMax must be at least 1, and answerWithin positive");
        }
    }

    /// What the settings say; errors are noted there.
    ///
    /// @param answerWithin as for other ways in
    public static RestConfig of(Settings settings, Duration answerWithin) {
        return new RestConfig(
                settings.integer("MILENA_REST_CALLS_MAX", DEFAULT.inFlightMax, 1, 100_000),
                answerWithin,
                StartRules.of(settings));
    }
}
