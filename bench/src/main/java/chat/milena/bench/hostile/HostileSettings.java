package chat.milena.bench.hostile;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The settings of a run of floods.
///
/// @param tokens of ordinary users, for pairs and attackers alike
/// @param users of the pairs
/// @param rate messages a second of all pairs
/// @param only the words that select floods; empty for all
/// @param byKind whether all floods of a kind run together
/// @param connections the connections of the larger floods
/// @param attackers the number of users whose tokens the attackers use
/// @param perSecond connections opened, and writes, of all floods that run together
/// @param duration of each flood, and of the time without one
/// @param settle unmeasured time after each flood
/// @param recovery how long memory and handles may take to return to normal
/// @param serverPid the server's process on this machine; null to leave it out
/// @param data the server's data folder, whose growth is reported; null to leave it out
public record HostileSettings(
        URI server,
        TokenSource tokens,
        int users,
        double rate,
        List<String> only,
        boolean byKind,
        int connections,
        int attackers,
        int perSecond,
        Duration warmup,
        Duration duration,
        Duration settle,
        Duration recovery,
        HostileLimits limits,
        @Nullable Long serverPid,
        @Nullable Path data) {

    public HostileSettings {
        only = List.copyOf(only);
        requireLoopback(server);
        if (users < 2 || users % 2 != 0 || !(rate > 0)) {
            throw new UsageFailure("--users must be an even number of at least 2, and --rate above 0");
        }
        if (connections < 1 || perSecond < 1) {
            throw new UsageFailure("--connections and --per-second must be at least 1");
        }
        if (attackers < 2 || attackers > 1000) {
            throw new UsageFailure("--attackers must be 2 to 1000");
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new UsageFailure("--duration must be above zero");
        }
        Floods.chosen(only);
    }

    /// A flood is allowed only against one's own machine.
    private static void requireLoopback(URI server) {
        try {
            if (server.getHost() != null
                    && InetAddress.getByName(server.getHost()).isLoopbackAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            // Rejected like any other address of another machine.
        }
        throw new UsageFailure("floods are for a server on this machine, such as http://127.0.0.1:8080");
    }
}
