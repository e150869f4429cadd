package chat.milena.runtime.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The address that the process listens on, and the bounds of its clients. Immutable.
///
/// @param port 0 for any free port
/// @param ioThreads threads that read, decode and write for all sockets
/// @param exchangeWithin time for one exchange, from its head to the last byte of its answer; after it the
/// connection is closed. The exchange of a WebSocket ends with its upgrade
/// @param idleWithin how long a connection of a user may wait for its next request
/// @param proxies proxies whose word on the address of a client counts
public record HttpConfig(
        String host,
        int port,
        int ioThreads,
        Connections connections,
        Duration exchangeWithin,
        Duration idleWithin,
        TrustedProxies proxies) {
    /// More strangers than this are a flood, whatever the bound of all connections.
    private static final int STRANGERS_MAX = 2_000;

    private static final int STRANGERS_PART = 4;
    private static final int PORT_MAX = 65_535;
    private static final int CONNECTIONS_MAX = 25_000;
    private static final int STRANGERS_PER_ADDRESS_MAX = 100;
    private static final int USER_CONNECTIONS_MAX = 100;
    private static final Duration EXCHANGE_WITHIN = Duration.ofSeconds(60);

    /// Above the usual 60 seconds of proxies, so that theirs end first: a proxy that reuses a connection at the
    /// moment in which we close it loses a request.
    private static final Duration IDLE_WITHIN = Duration.ofSeconds(75);

    /// How many connections there may be.
    ///
    /// @param max connections of all kinds, including WebSockets
    /// @param strangersPerAddressMax connections of one address on which no good token has come
    /// @param userMax connections of one user, without upgraded ones
    public record Connections(int max, int strangersPerAddressMax, int userMax) {}

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
        if (connections.max() < 1 || connections.strangersPerAddressMax() < 1 || connections.userMax() < 1) {
            errors.add("the bounds of connections must be at least 1");
        }
        if (!exchangeWithin.isPositive() || !idleWithin.isPositive()) {
            errors.add("exchangeWithin and idleWithin must be positive");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// One I/O thread a processor, and the default bounds.
    public static HttpConfig of(String host, int port) {
        return new HttpConfig(
                host,
                port,
                Runtime.getRuntime().availableProcessors(),
                new Connections(CONNECTIONS_MAX, STRANGERS_PER_ADDRESS_MAX, USER_CONNECTIONS_MAX),
                EXCHANGE_WITHIN,
                IDLE_WITHIN,
                TrustedProxies.NONE);
    }

    /// The same with these bounds.
    public HttpConfig withBounds(int connectionsMax, Duration exchange) {
        Connections bounds =
                new Connections(connectionsMax, connections.strangersPerAddressMax(), connections.userMax());
        return new HttpConfig(host, port, ioThreads, bounds, exchange, idleWithin, proxies);
    }

    /// The same with these bounds for one address and one user.
    public HttpConfig withShares(int strangersPerAddress, int userConnections) {
        Connections shares = new Connections(connections.max(), strangersPerAddress, userConnections);
        return new HttpConfig(host, port, ioThreads, shares, exchangeWithin, idleWithin, proxies);
    }

    /// The same behind proxies.
    public HttpConfig behind(TrustedProxies trusted, Duration idle) {
        return new HttpConfig(host, port, ioThreads, connections, exchangeWithin, idle, trusted);
    }

    /// Connections on which no good token has come.
    int strangersMax() {
        return Math.max(1, Math.min(STRANGERS_MAX, connections.max() / STRANGERS_PART));
    }
}
