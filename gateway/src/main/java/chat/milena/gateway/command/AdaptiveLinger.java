package chat.milena.gateway.command;

import java.time.Duration;

/// How long commands are collected before the next ones are taken: longer at a higher rate.
///
/// A wake-up for each command, and a request for a few of them, costs the gateway, the brokers and the sequencer
/// more than the commands themselves. A single command must not wait for others that do not come. So the pause is
/// [#MILLIS_AT_ONE_A_MILLISECOND] at a thousand commands a second, a tenth of that at a hundred, and so on, up to the
/// longest.
///
/// The rate is that of the last tenth of a second, not of the last two commands: at any rate some commands come
/// close together by chance.
///
/// Pure except for its memory; for one thread.
final class AdaptiveLinger {
    static final long MILLIS_AT_ONE_A_MILLISECOND = 2;

    /// A shorter sleep costs as much as it collects.
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /// A command this long ago counts a third of a command now.
    private static final double MEMORY_MILLIS = 50;

    private static final double MILLI_NANOS = 1e6;

    private final Duration longest;
    private double perMillisecond;

    /// @param longest zero for no pauses
    AdaptiveLinger(Duration longest) {
        this.longest = longest;
    }

    /// @param taken the commands that were taken together
    /// @param nanos time since the previous ones were taken
    Duration pause(int taken, long nanos) {
        double remembered = Math.exp(-(double) Math.max(0, nanos) / MILLI_NANOS / MEMORY_MILLIS);
        perMillisecond = perMillisecond * remembered + taken / MEMORY_MILLIS;
        double pauseNanos = perMillisecond * MILLIS_AT_ONE_A_MILLISECOND * MILLI_NANOS;
        double bounded = Math.min(pauseNanos, (double) longest.toNanos());
        return bounded < (double) SHORTEST.toNanos() ? Duration.ZERO : Duration.ofNanos((long) bounded);
    }
}
