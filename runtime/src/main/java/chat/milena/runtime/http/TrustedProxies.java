package chat.milena.runtime.http;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.limit.ClientAddress;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderValues;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which proxies may name the address of a client, and in which header: `X-Forwarded-For`, or `Forwarded` (RFC
/// 7239). Immutable.
///
/// The header is read from its right end to the first address that is no trusted proxy. It is ignored if the
/// socket's own peer is not trusted. An entry that cannot be read, or the 33rd, ends the walk at the last good
/// address.
///
/// @param networks networks of proxies; empty trusts nobody
public record TrustedProxies(List<Network> networks, Head head) {
    /// No proxy is trusted: the address of a client is that of its socket.
    public static final TrustedProxies NONE = new TrustedProxies(List.of(), Head.X_FORWARDED_FOR);

    private static final AttachmentKey<ClientAddress> CLIENT = AttachmentKey.create(ClientAddress.class);
    private static final int ENTRIES_MAX = 32;
    /// Java would also accept fewer numbers.
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private static final Pattern FORWARDED_FOR =
            Pattern.compile("(?:^|;)\\s*for\\s*=\\s*(\"[^\"]*\"|[^;\\s]+)", Pattern.CASE_INSENSITIVE);

    /// The header that names clients; the other one is never read.
    public enum Head {
        X_FORWARDED_FOR("X-Forwarded-For"),
        FORWARDED("Forwarded");

        private final String field;

        Head(String field) {
            this.field = field;
        }

        private static Head parse(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "x-forwarded-for" -> X_FORWARDED_FOR;
                case "forwarded" -> FORWARDED;
                default -> throw new IllegalArgumentException("must be x-forwarded-for or forwarded");
            };
        }
    }

    /// All addresses with the same leading bits.
    public record Network(InetAddress first, int bits) {
        /// Reads `10.0.0.0/8` or an address.
        static Network parse(String text) {
            int slash = text.indexOf('/');
            InetAddress first = literal(slash < 0 ? text : text.substring(0, slash));
            if (first == null) {
                throw new IllegalArgumentException("must be addresses or networks such as 10.0.0.0/8, not: " + text);
            }
            int all = first.getAddress().length * Byte.SIZE;
            try {
                int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
                if (bits >= 0 && bits <= all) {
                    return new Network(first, bits);
                }
            } catch (NumberFormatException e) {
                // Rejected below.
            }
            throw new IllegalArgumentException("must have 0 to " + all + " bits: " + text);
        }

        boolean contains(InetAddress address) {
            byte[] ours = first.getAddress();
            byte[] theirs = address.getAddress();
            if (ours.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % Byte.SIZE;
                if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    /// Reads `MILENA_TRUSTED_PROXIES` and `MILENA_FORWARDED_HEAD`, and notes errors in the settings.
    public static TrustedProxies of(Settings settings) {
        return new TrustedProxies(
                settings.read("MILENA_TRUSTED_PROXIES", List.of(), TrustedProxies::parseNetworks),
                settings.read("MILENA_FORWARDED_HEAD", Head.X_FORWARDED_FOR, Head::parse));
    }

    private static List<Network> parseNetworks(String text) {
        List<Network> networks = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            if (!entry.isBlank()) {
                networks.add(Network.parse(entry.strip()));
            }
        }
        return networks;
    }

    /// The address of the client of this exchange.
    public static ClientAddress client(HttpServerExchange exchange) {
        ClientAddress noted = exchange.getAttachment(CLIENT);
        return noted == null ? ClientAddress.of(exchange.getSourceAddress().getAddress()) : noted;
    }

    /// Notes the address of the client of this exchange, for [#client].
    void note(HttpServerExchange exchange) {
        InetAddress peer = exchange.getSourceAddress().getAddress();
        if (trusts(peer)) {
            HeaderValues lines = exchange.getRequestHeaders().get(head.field);
            exchange.putAttachment(CLIENT, ClientAddress.of(client(peer, lines == null ? List.of() : lines)));
        }
    }

    /// Whether the peer of a socket is a trusted proxy.
    boolean trusts(InetAddress peer) {
        return networks.stream().anyMatch(network -> network.contains(peer));
    }

    /// @param lines the lines of the header, in order
    InetAddress client(InetAddress peer, List<String> lines) {
        String[] entries = String.join(",", lines).split(",", -1);
        InetAddress client = peer;
        for (int i = entries.length - 1; i >= Math.max(0, entries.length - ENTRIES_MAX) && trusts(client); i--) {
            InetAddress before = address(entries[i].strip());
            if (before == null) {
                return client;
            }
            client = before;
        }
        return client;
    }

    private @Nullable InetAddress address(String entry) {
        String node = entry;
        if (head == Head.FORWARDED) {
            Matcher forwardedFor = FORWARDED_FOR.matcher(entry);
            if (!forwardedFor.find()) {
                return null;
            }
            node = forwardedFor.group(1).replace("\"", "");
        }
        if (node.startsWith("[")) {
            int end = node.indexOf(']');
            return end < 0 ? null : literal(node.substring(1, end));
        }
        int colon = node.indexOf(':');
        boolean hasPort = colon >= 0 && colon == node.lastIndexOf(':');
        return literal(hasPort ? node.substring(0, colon) : node);
    }

    /// @return null if it is a name, which is never looked up, or no address
    private static @Nullable InetAddress literal(String text) {
        boolean whole = text.indexOf(':') >= 0 || IPV4.matcher(text).matches();
        try {
            return whole ? InetAddress.ofLiteral(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
