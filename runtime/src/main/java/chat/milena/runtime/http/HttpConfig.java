package chat.milena.runtime.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Where the process listens, and what it lets clients hold. Immutable.
///
/// @param port 0 for any that is free
/// @param ioThreads threads that read, decode and write for all sockets
/// @param connectionsMax connections of all kinds, WebSockets among them
/// @param strangersPerAddressMax connections of one address on which no good token has come
/// @param userConnectionsMax connections of one user beside those that were upgraded
/// @param exchangeWithin how long one exchange may take, from its head to the last byte of its answer; after it the
///     connection is closed. A WebSocket's ends with its upgrade
/// @param idleWithin how long a connection of a user may wait for its next request
/// @param proxies which may say where a client connects from
public record HttpConfig(
        String host,
        int port,
        int ioThreads,
        int connectionsMax,
        int strangersPerAddressMax,
        int userConnectionsMax,
        Duration exchangeWithin,
        Duration idleWithin,
        TrustedProxies proxies) {
    /// More strangers than this are a flood, however many connections there may be.
    private static final int STRANGERS_MAX = 2_000;

    private static final int STRANGERS_PART = 4;
    private static final int PORT_MAX = 65_535;
    private static final int CONNECTIONS_MAX = 25_000;
    private static final int STRANGERS_PER_ADDRESS_MAX = 100;
    private static final int USER_CONNECTIONS_MAX = 100;
    private static final Duration EXCHANGE_WITHIN = Duration.ofSeconds(60);

    /// Above the usual 60 seconds of proxies, so that theirs end first: one that reuses a connection in the moment in
    /// which we close it loses a request.
    private static final Duration IDLE_WITHIN = Duration.ofSeconds(75);

    public HttpConfig {
        List<String> errors = new ArrayList<>();
        if (host.isBlank()) {
            errors.add("host must not be blank");
        }
        if (port < 0 || port > PORT_MAX) {
            errors.add("port must be from 0 to " + PORT_MAX);
        }
        if (ioThreads < 1) {
            errors.add("ioThreads must be at least 1");
        }
        if (connectionsMax < 1 || strangersPerAddressMax < 1 || userConnectionsMax < 1) {
            errors.add("connectionsMax, strangersPerAddressMax and userConnectionsMax must be at least 1");
        }
        if (!exchangeWithin.isPositive() || !idleWithin.isPositive()) {
            errors.add("exchangeWithin and idleWithin must be positive");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// One I/O thread a processor, and the usual bounds.
    public static HttpConfig of(String host, int port) {
        return new HttpConfig(
                host,
                port,
                Runtime.getRuntime().availableProcessors(),
                CONNECTIONS_MAX,
                STRANGERS_PER_ADDRESS_MAX,
                USER_CONNECTIONS_MAX,
                EXCHANGE_WITHIN,
                IDLE_WITHIN,
                TrustedProxies.NONE);
    }

    /// The same with other bounds.
    public HttpConfig withBounds(int connections, Duration exchange) {
        return new HttpConfig(
                host,
                port,
                ioThreads,
                connections,
                strangersPerAddressMax,
                userConnectionsMax,
                exchange,
                idleWithin,
                proxies);
    }

    /// The same with other bounds for one address and one user.
    public HttpConfig withShares(int strangersPerAddress, int userConnections) {
        return new HttpConfig(
                host,
                port,
                ioThreads,
                connectionsMax,
                strangersPerAddress,
                userConnections,
                exchangeWithin,
                idleWithin,
                proxies);
    }

    /// The same behind proxies.
    public HttpConfig behind(TrustedProxies trusted, Duration idle) {
        return new HttpConfig(
                host,
                port,
                ioThreads,
                connectionsMax,
                strangersPerAddressMax,
                userConnectionsMax,
                exchangeWithin,
                idle,
                trusted);
    }

    /// Connections on which no good token has come.
    int strangersMax() {
        return Math.max(1, Math.min(STRANGERS_MAX, connectionsMax / STRANGERS_PART));
    }
}
