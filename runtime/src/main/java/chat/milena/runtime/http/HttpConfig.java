package chat.milena.runtime.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Where the process listens. Immutable.
///
/// @param port 0 for any that is free
/// @param ioThreads threads that read, decode and write for all sockets
/// @param connectionsMax connections at once, WebSockets among them; beyond it they wait to be accepted, as many as the
///     system lets wait, until others are closed
/// @param exchangeWithin how long one exchange may take, from its head to the last byte of its answer; after it the
///     connection is closed. A WebSocket's ends with its upgrade
public record HttpConfig(String host, int port, int ioThreads, int connectionsMax, Duration exchangeWithin) {
    private static final int PORT_MAX = 65_535;
    private static final int CONNECTIONS_MAX = 25_000;
    private static final Duration EXCHANGE_WITHIN = Duration.ofSeconds(60);

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
        if (connectionsMax < 1) {
            errors.add("connectionsMax must be at least 1");
        }
        if (!exchangeWithin.isPositive()) {
            errors.add("exchangeWithin must be positive");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// One I/O thread a processor, and the usual bounds.
    public static HttpConfig of(String host, int port) {
        return new HttpConfig(host, port, Runtime.getRuntime().availableProcessors(), CONNECTIONS_MAX, EXCHANGE_WITHIN);
    }

    /// The same with other bounds.
    public HttpConfig withBounds(int connections, Duration exchange) {
        return new HttpConfig(host, port, ioThreads, connections, exchange);
    }
}
