package chat.milena.bench.idle;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The number of connections, and how long they are held.
///
/// @param connectsPerSecond new connections begun a second, including retries after a refusal
/// @param rest measured time before the first connection
/// @param hold measured time with all of them
/// @param patience how much longer connecting may take than the pace implies
/// @param serverPid a JVM on this machine whose memory and processor time are reported too; null for none
public record IdleSettings(
        URI server,
        TokenSource tokens,
        int connections,
        int connectsPerSecond,
        Duration rest,
        Duration hold,
        Duration patience,
        @Nullable Long serverPid) {
    private static final int CONNECTIONS_MAX = 1_000_000;

    public IdleSettings {
        if (connections < 1 || connections > CONNECTIONS_MAX) {
            throw new UsageFailure("--connections must be 1 to 1,000,000");
        }
        if (connectsPerSecond < 1) {
            throw new UsageFailure("--connect-rate must be at least 1");
        }
        if (!hold.isPositive() || rest.isNegative()) {
            throw new UsageFailure("--hold must be above zero and --rest not below");
        }
        if (!"http".equals(server.getScheme()) || server.getHost() == null) {
            throw new UsageFailure("the server's address must look like http://127.0.0.1:8080, not " + server);
        }
    }

    /// The time at which connecting ends, even if some are not connected.
    Duration connectWithin() {
        return patience.plusMillis(1000L * connections / connectsPerSecond);
    }
}
