package chat.milena.bench.load;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.net.URI;
import java.time.Duration;

/// A load of users who talk in twos.
///
/// @param users an even number; each has one connection
/// @param rates which rates to run, messages per second of all users together
/// @param warmup at the first rate; checked, not measured
/// @param settle at the start of each later step; checked, not measured
/// @param duration measured time of each step
/// @param tail how long to wait for what is still on its way at the end of a step
/// @param bound the delivery p99 that a held rate stays within
public record PairsOptions(
        URI server,
        TokenSource tokens,
        int users,
        RatePlan rates,
        Duration warmup,
        Duration settle,
        Duration duration,
        Duration tail,
        Duration bound,
        int payloadBytes,
        int connectsPerSecond,
        int eventLoopThreads) {

    public PairsOptions {
        if (users < 2 || users % 2 != 0) {
            throw new UsageFailure("--users must be an even number of at least 2");
        }
        if (payloadBytes < 1 || payloadBytes > 4000) {
            throw new UsageFailure("--payload-bytes must be 1 to 4000");
        }
        if (duration.isNegative() || duration.isZero() || warmup.isNegative()) {
            throw new UsageFailure("--duration must be above zero and --warmup not below");
        }
    }
}
