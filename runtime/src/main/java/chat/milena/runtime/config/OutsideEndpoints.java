package chat.milena.runtime.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The addresses that clients may have this installation call: https on port 443 of a public host. Immutable.
///
/// A name may stand for another address a moment later. A caller therefore connects to the very addresses that
/// [#resolve] returns, and asks again for each connection. The operator may name origins that are exempt.
public final class OutsideEndpoints {
    /// Of the kind that a browser subscribes with.
    public static final int LENGTH_MAX = 2_048;

    /// No exceptions.
    public static final OutsideEndpoints PUBLIC = new OutsideEndpoints(Set.of(), false);

    /// Any address: for hosts that the operator names, and no client.
    public static final OutsideEndpoints ANY = new OutsideEndpoints(Set.of(), true);

    private static final int HTTPS_PORT = 443;

    /// A name has letters in its last part; an address of IPv6 has brackets.
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");

    /// Networks of IPv4 that are not of the public internet (IANA's registry of special-purpose addresses).
    private static final List<Network> SPECIAL_IPV4 = List.of(
            new Network(0x00000000, 8),
            new Network(0x0a000000, 8),
            new Network(0x64400000, 10),
            new Network(0x7f000000, 8),
            new Network(0xa9fe0000, 16),
            new Network(0xac100000, 12),
            new Network(0xc0000000, 24),
            new Network(0xc0000200, 24),
            new Network(0xc0586300, 24),
            new Network(0xc0a80000, 16),
            new Network(0xc6120000, 15),
            new Network(0xc6336400, 24),
            new Network(0xcb007100, 24),
            new Network(0xe0000000, 3));

    /// The same of IPv6 within 2000::/3, by their first 32 bits: protocols such as Teredo, documentation, 6to4.
    private static final List<Network> SPECIAL_IPV6 = List.of(
            new Network(0x20010000, 23),
            new Network(0x20010db8, 32),
            new Network(0x20020000, 16),
            new Network(0x3fff0000, 20));

    /// All of IPv6 that is routed between networks. Mapped and translated IPv4 is elsewhere.
    private static final Network GLOBAL_IPV6 = new Network(0x20000000, 3);

    private final Set<String> allowed;
    private final boolean any;

    private OutsideEndpoints(Set<String> allowed, boolean any) {
        this.allowed = Set.copyOf(allowed);
        this.any = any;
    }

    private record Network(int first, int bits) {
        boolean contains(int address) {
            return (address ^ first) >>> (Integer.SIZE - bits) == 0;
        }
    }

    /// Reads `MILENA_PUSH_ALLOW`: what clients may have called. Notes errors in the settings.
    public static OutsideEndpoints of(Settings settings) {
        return settings.read("MILENA_PUSH_ALLOW", PUBLIC, OutsideEndpoints::parse);
    }

    /// Reads `MILENA_WEBHOOK_ALLOW`: what the hosts of tenants may have called. It is another setting, since no client
    /// should have the services called that hosts run for themselves. Notes errors in the settings.
    public static OutsideEndpoints ofWebhooks(Settings settings) {
        return settings.read("MILENA_WEBHOOK_ALLOW", PUBLIC, OutsideEndpoints::parse);
    }

    /// Reads origins, separated by commas, such as `http://127.0.0.1:8091`.
    ///
    /// @throws IllegalArgumentException if the text has another form
    public static OutsideEndpoints parse(String text) {
        Set<String> origins = new HashSet<>();
        for (String entry : text.split(",", -1)) {
            if (!entry.isBlank()) {
                URI uri = uri(entry.strip());
                if (uri == null || !uri.getRawPath().isEmpty() || problem(uri) != null) {
                    throw new IllegalArgumentException(
                            "must be origins such as http://127.0.0.1:8091, separated by commas; not: "
                                    + entry.strip());
                }
                origins.add(origin(uri));
            }
        }
        return new OutsideEndpoints(origins, false);
    }

    /// What is wrong with an endpoint as it is written, as the rest of a sentence after its name; null if nothing is.
    /// It asks no name server.
    public @Nullable String problem(String endpoint) {
        if (endpoint.length() > LENGTH_MAX) {
            return "must have at most " + LENGTH_MAX + " characters";
        }
        URI uri = uri(endpoint);
        if (uri == null) {
            return "must be a URL";
        }
        String problem = problem(uri);
        if (problem != null || any || allowed.contains(origin(uri))) {
            return problem;
        }
        if (!uri.getScheme().equals("https") || port(uri) != HTTPS_PORT) {
            return "must begin with https:// and use port 443";
        }
        String host = host(uri);
        if (NAME.matcher(host).matches()) {
            return null;
        }
        InetAddress literal = literal(host);
        return literal != null && isPublic(literal) ? null : "must name a public host";
    }

    private static @Nullable String problem(URI uri) {
        String scheme = uri.getScheme();
        if (uri.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
            return "must be a URL of https with a host";
        }
        return uri.getRawUserInfo() == null && uri.getRawFragment() == null
                ? null
                : "must have no user and no fragment";
    }

    /// The addresses to connect to, for an endpoint without a [#problem].
    ///
    /// @throws UnknownHostException if the name stands for no address
    /// @throws ForbiddenAddressException if one of them is not public
    public List<InetAddress> resolve(String host, int port) throws UnknownHostException {
        List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
        String end = "://" + host.toLowerCase(Locale.ROOT) + ":" + port;
        if (!any && !allowed.contains("https" + end) && !allowed.contains("http" + end)) {
            for (InetAddress address : addresses) {
                if (!isPublic(address)) {
                    throw new ForbiddenAddressException(host);
                }
            }
        }
        return addresses;
    }

    /// Whether this is an address of the public internet, for one host.
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
        if (address instanceof Inet4Address) {
            return SPECIAL_IPV4.stream().noneMatch(network -> network.contains(first));
        }
        return GLOBAL_IPV6.contains(first) && SPECIAL_IPV6.stream().noneMatch(network -> network.contains(first));
    }

    private static @Nullable InetAddress literal(String host) {
        if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static @Nullable URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + host(uri) + ":" + port(uri);
    }

    private static String host(URI uri) {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return uri.getScheme().equals("https") ? HTTPS_PORT : 80;
    }
}
