package chat.milena.standalone.broker;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;

/// Where the broker listens for clients on other machines, and under which name they reach it.
///
/// @param address to listen on
/// @param advertised `host:port` that clients connect to
public record ElsewhereListener(InetSocketAddress address, String advertised) {
    /// Reads both.
    ///
    /// @param listen `address:port`
    /// @param advertised `host` or `host:port`; empty for the address itself
    /// @throws IllegalArgumentException if they are wrong
    public static ElsewhereListener parse(String listen, String advertised) {
        URI bound = uri(listen);
        if (bound.getPort() < 1) {
            throw new IllegalArgumentException("must be an address and a port, such as 0.0.0.0:9094");
        }
        InetSocketAddress address = new InetSocketAddress(bare(bound.getHost()), bound.getPort());
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("must be an address of this machine and a port, such as 0.0.0.0:9094");
        }
        if (advertised.isEmpty() && address.getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException("listens on all addresses, so MILENA_KAFKA_ADVERTISED must name one");
        }
        URI named = uri(advertised.isEmpty() ? listen : advertised);
        int port = named.getPort() < 1 ? bound.getPort() : named.getPort();
        return new ElsewhereListener(address, named.getHost() + ":" + port);
    }

    private static URI uri(String text) {
        URI uri = URI.create("kafka://" + text);
        if (uri.getHost() == null || !uri.getAuthority().equals(text)) {
            throw new IllegalArgumentException("must be a host and a port, such as chat.example:9094");
        }
        return uri;
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    String bound() {
        String host = address.getAddress().getHostAddress();
        return String.format(Locale.ROOT, host.contains(":") ? "[%s]:%d" : "%s:%d", host, address.getPort());
    }
}
