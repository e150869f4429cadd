package chat.milena.bench.client;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/// The behavior of a [ChatClient].
///
/// @param server the origin, `http://host:port`
/// @param eventLoopThreads threads that all connections share
/// @param connectsPerSecond pace of new sockets, reconnects included
/// @param inFlightMax unacked sends of a connection; beyond it `trySend` returns false and `send` waits
public record ClientOptions(
        URI server, int eventLoopThreads, int connectsPerSecond, int inFlightMax, Recovery recovery) {
    /// How a connection continues after a failure.
    ///
    /// @param reconnect whether a lost connection reconnects by itself and resends unacked messages
    /// @param giveUpAfter how long a connection may be down before it is closed for good
    /// @param retryRefusedFor how long a send refused with `RATE_LIMITED` or `UNAVAILABLE` is retried; zero hands
    ///     it to the caller
    /// @param resendAfter how long a written send may be unanswered before it is written again; zero for never
    /// @param silenceMax a socket without input for this long counts as dead
    public record Recovery(
            boolean reconnect,
            Duration giveUpAfter,
            Duration retryRefusedFor,
            Duration resendAfter,
            Duration silenceMax) {}

    public ClientOptions {
        if (eventLoopThreads < 1 || connectsPerSecond < 1 || inFlightMax < 1) {
            throw new IllegalArgumentException("threads, connects per second and in-flight sends are at least 1");
        }
        if (!"http".equals(server.getScheme()) || server.getHost() == null) {
            throw new UsageFailure("the server's address must look like http://127.0.0.1:8080, not " + server);
        }
    }

    /// One thread and 256 sends in flight; refused sends are retried and lost connections reconnect, both for a
    /// minute.
    public static ClientOptions of(URI server) {
        Duration minute = Duration.ofSeconds(60);
        Recovery recovery = new Recovery(true, minute, minute, Duration.ZERO, Duration.ofSeconds(90));
        return new ClientOptions(server, 1, 500, 256, recovery);
    }

    /// The address of an origin such as the server's.
    public static InetSocketAddress address(URI origin) {
        return new InetSocketAddress(origin.getHost(), port(origin));
    }

    public static int port(URI origin) {
        return origin.getPort() < 0 ? 80 : origin.getPort();
    }

    public ClientOptions withEventLoopThreads(int threads) {
        return new ClientOptions(server, threads, connectsPerSecond, inFlightMax, recovery);
    }

    public ClientOptions withConnectsPerSecond(int rate) {
        return new ClientOptions(server, eventLoopThreads, rate, inFlightMax, recovery);
    }

    public ClientOptions withInFlightMax(int max) {
        return new ClientOptions(server, eventLoopThreads, connectsPerSecond, max, recovery);
    }

    public ClientOptions withReconnect(boolean on, Duration giveUp) {
        return with(new Recovery(on, giveUp, recovery.retryRefusedFor, recovery.resendAfter, recovery.silenceMax));
    }

    public ClientOptions withRetryRefusedFor(Duration time) {
        return with(new Recovery(
                recovery.reconnect, recovery.giveUpAfter, time, recovery.resendAfter, recovery.silenceMax));
    }

    public ClientOptions withResendAfter(Duration time) {
        return with(new Recovery(
                recovery.reconnect, recovery.giveUpAfter, recovery.retryRefusedFor, time, recovery.silenceMax));
    }

    private ClientOptions with(Recovery other) {
        return new ClientOptions(server, eventLoopThreads, connectsPerSecond, inFlightMax, other);
    }
}
