package chat.milena.gateway.web;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Recognizes calls of this server's own page in a browser of this machine, as opposed to another machine, a
/// proxy, another website, or a name that was made to point here (DNS rebinding).
///
/// Headers cannot prove which program calls, but programs of this machine are allowed, and a browser cannot forge
/// these headers.
final class LocalPage {
    private static final HttpString FETCH_SITE = new HttpString("Sec-Fetch-Site");
    private static final Set<String> OF_PROXIES = Set.of("forwarded", "x-real-ip", "via");
    private static final String OF_PROXIES_PREFIX = "x-forwarded-";
    private static final int PORT_USUAL = 80;

    private LocalPage() {}

    /// Whether the page sends this JSON.
    ///
    /// @param port the port of this server
    static boolean asks(HttpServerExchange exchange, int port) {
        HeaderMap heads = exchange.getRequestHeaders();
        String host = only(heads, Headers.HOST);
        return exchange.getRequestMethod().equals(Methods.POST)
                && !exchange.isHostIncludedInRequestURI()
                && exchange.getConnection().getPeerAddress() instanceof InetSocketAddress peer
                && peer.getAddress().isLoopbackAddress()
                && heads.getHeaderNames().stream().noneMatch(LocalPage::isOfProxies)
                && host != null
                && isOurs(host, port)
                && ("http://" + host).equals(only(heads, Headers.ORIGIN))
                && (!heads.contains(FETCH_SITE) || "same-origin".equals(only(heads, FETCH_SITE)))
                && "application/json".equals(only(heads, Headers.CONTENT_TYPE));
    }

    private static boolean isOurs(String host, int port) {
        return LocalHosts.NAMES.stream()
                .anyMatch(name -> host.equals(name + ":" + port) || (port == PORT_USUAL && host.equals(name)));
    }

    private static boolean isOfProxies(HttpString name) {
        String lower = name.toString().toLowerCase(Locale.ROOT);
        return OF_PROXIES.contains(lower) || lower.startsWith(OF_PROXIES_PREFIX);
    }

    /// @return null if it is missing, or given more than once
    private static @Nullable String only(HeaderMap heads, HttpString name) {
        HeaderValues values = heads.get(name);
        return values == null || values.size() != 1 ? null : values.getFirst();
    }
}
