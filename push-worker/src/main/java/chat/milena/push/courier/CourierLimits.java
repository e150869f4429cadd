package chat.milena.push.courier;

import java.time.Duration;

/// The bounds of a [Courier].
///
/// @param inFlightMax attempts at the same time
/// @param perAudienceMax attempts at the same time at one audience
/// @param audiencesMax audiences whose state is remembered; the one that was not used for longest is forgotten
/// @param attemptTime the time of one attempt
/// @param holdMax the longest time that an audience can keep all of its parcels waiting
/// @param breaker when an audience is given a rest
/// @param drainTime how long a close waits for the attempts in flight
public record CourierLimits(
        int inFlightMax,
        int perAudienceMax,
        int audiencesMax,
        Duration attemptTime,
        Duration holdMax,
        Breaker breaker,
        Duration drainTime) {
    public static final CourierLimits STANDARD = new CourierLimits(
            1_024,
            64,
            10_000,
            Duration.ofSeconds(20),
            Duration.ofMinutes(10),
            new Breaker(5, 10, Duration.ofSeconds(30)),
            Duration.ofSeconds(10));

    /// The breaker of an audience opens when this number of the last attempts failed. After the delay one attempt finds
    /// out whether it closes.
    public record Breaker(int failures, int of, Duration delay) {}
}
