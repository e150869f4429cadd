package chat.milena.bench.load;

import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The settings of every open-loop load, except its shape.
///
/// @param warmup at the first rate; checked, not measured
/// @param settle at the start of each later step; checked, not measured
/// @param duration measured time of each step
/// @param tail how long to wait for outstanding messages at the end of a step
/// @param bound the maximum delivery p99 of a held rate
/// @param eventLoopThreads of each lane
/// @param serverPid a process on this machine whose processor time is reported too; null for none
public record LoadSettings(
        URI server,
        TokenSource tokens,
        Duration warmup,
        Duration settle,
        Duration duration,
        Duration tail,
        Duration bound,
        int payloadBytes,
        int connectsPerSecond,
        int eventLoopThreads,
        @Nullable Long serverPid) {
    private static final int IN_FLIGHT_MAX = 1024;
    private static final Duration RECONNECT_PATIENCE = Duration.ofSeconds(30);

    public LoadSettings {
        if (connectsPerSecond < 1 || eventLoopThreads < 1) {
            throw new UsageFailure("--connect-rate and --threads must be at least 1");
        }
        if (payloadBytes < 1 || payloadBytes > 4000) {
            throw new UsageFailure("--payload-bytes must be 1 to 4000");
        }
        if (duration.isNegative() || duration.isZero() || warmup.isNegative()) {
            throw new UsageFailure("--duration must be above zero and --warmup not below");
        }
    }

    /// Connections that reconnect when lost, and pass every refusal to the load without a retry.
    public ClientOptions clientOptions() {
        return ClientOptions.of(server)
                .withEventLoopThreads(eventLoopThreads)
                .withConnectsPerSecond(connectsPerSecond)
                .withInFlightMax(IN_FLIGHT_MAX)
                .withReconnect(true, RECONNECT_PATIENCE)
                .withRetryRefusedFor(Duration.ZERO);
    }

    public String text() {
        return "m".repeat(payloadBytes);
    }
}
