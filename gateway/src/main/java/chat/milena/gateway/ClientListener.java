package chat.milena.gateway;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.TrustedProxies;
import chat.milena.runtime.lifecycle.FileHandles;
import java.net.InetAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The settings of the listener for the clients of a gateway.
public final class ClientListener {
    private static final Logger LOG = LoggerFactory.getLogger(ClientListener.class);

    /// Further sockets for calls, health and metrics when all clients are connected.
    private static final int CONNECTIONS_BESIDE_SOCKETS = 5_000;

    private ClientListener() {}

    /// Reads the settings, and notes errors there.
    public static HttpConfig of(InetAddress bind, int port, Settings environment, GatewayConfig gateway) {
        int socketsMax = gateway.bounds().connectionsMax();
        HttpConfig usual = HttpConfig.of(bind.getHostAddress(), port);
        int usualConnections = socketsMax + CONNECTIONS_BESIDE_SOCKETS;
        int connections = environment.integer("MILENA_HTTP_CONNECTIONS_MAX", usualConnections, 1, 2_000_000);
        if (connections <= socketsMax) {
            environment.refuse("MILENA_HTTP_CONNECTIONS_MAX must be over MILENA_CONNECTIONS_MAX");
        }
        int strangers = environment.integer(
                "MILENA_STRANGERS_PER_ADDRESS", usual.connections().strangersPerAddressMax(), 1, 2_000_000);
        Duration idle = environment.duration(
                "MILENA_HTTP_IDLE_WITHIN", usual.idleWithin(), Duration.ofSeconds(1), Duration.ofMinutes(10));
        Duration exchange = environment.duration(
                "MILENA_HTTP_EXCHANGE_WITHIN", usual.exchangeWithin(), Duration.ofSeconds(20), Duration.ofMinutes(10));
        if (exchange.compareTo(gateway.writes().rest().answerWithin()) <= 0) {
            environment.refuse("MILENA_HTTP_EXCHANGE_WITHIN must be over MILENA_ANSWER_WITHIN");
        }
        return usual.withBounds(FileHandles.connections(FileHandles.limit(), connections), exchange)
                .withShares(strangers, gateway.bounds().userConnectionsMax())
                .behind(TrustedProxies.of(environment), idle);
    }

    /// The same gateway with as many sockets as the file handles allow. The rest of the listener's connections are
    /// for calls.
    public static GatewayConfig withinHandles(GatewayConfig config) {
        int wanted = config.bounds().connectionsMax() + CONNECTIONS_BESIDE_SOCKETS;
        int fit = FileHandles.connections(FileHandles.limit(), wanted);
        if (fit == wanted) {
            return config;
        }
        GatewayConfig fitting = config.withConnectionsMax(Math.max(1, fit - fit / 5));
        LOG.warn(
                "{} file handles leave room for {} clients, not {}: raise the limit (ulimit -n), or lower"
                        + " MILENA_CONNECTIONS_MAX",
                FileHandles.limit().orElse(0),
                fitting.bounds().connectionsMax(),
                config.bounds().connectionsMax());
        return fitting;
    }
}
