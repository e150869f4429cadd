package chat.milena.gateway.inbound;

import java.time.Duration;

/// How long commands are left to gather before the next ones are taken: the longer, the more of them come.
///
/// Being woken for each command, and a request for a few of them, costs the gateway, the brokers and the sequencer more
/// than the commands themselves; a lone one though must not wait for others that do not come. So the pause is
/// [#MILLIS_AT_ONE_A_MILLISECOND] at a thousand commands a second, ten times less at a hundred, and so on, up to
/// [#LONGEST].
///
/// Pure.
final class GatherPace {
    static final Duration LONGEST = Duration.ofMillis(10);
    static final long MILLIS_AT_ONE_A_MILLISECOND = 2;

    /// A shorter sleep costs as much as it gathers.
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private GatherPace() {}

    /// @param taken the commands that were taken together
    /// @param nanos since those before them were taken
    static Duration pause(int taken, long nanos) {
        double each = (double) Duration.ofMillis(1).toNanos() / Math.max(1, nanos);
        double pause = taken
                * each
                * MILLIS_AT_ONE_A_MILLISECOND
                * Duration.ofMillis(1).toNanos();
        if (pause < SHORTEST.toNanos()) {
            return Duration.ZERO;
        }
        return Duration.ofNanos((long) Math.min(pause, (double) LONGEST.toNanos()));
    }
}
