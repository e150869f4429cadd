package chat.milena.runtime.http;

import chat.milena.runtime.config.Settings;
import chat.milena.schemas.id.Ids;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The websites from which the users of a tenant may call, by the `Origin` that browsers send. Immutable.
///
/// A tenant without a list of its own has the list of `*`. Without that, any website is allowed. A caller that
/// sends no `Origin` is no browser and is not restricted.
public final class AllowedOrigins {
    /// Any website, for all tenants.
    public static final AllowedOrigins ANY = new AllowedOrigins(Map.of(), Set::of);

    /// As a tenant, every tenant without a list of its own; as an origin, any.
    private static final String WILDCARD = "*";

    private final Map<String, Set<String>> byTenant;
    private final Supplier<Set<String>> ours;

    private AllowedOrigins(Map<String, Set<String>> byTenant, Supplier<Set<String>> ours) {
        this.byTenant = Map.copyOf(byTenant);
        this.ours = ours;
    }

    /// The same, with origins of the installation itself, from which the users of every tenant may call.
    ///
    /// @param installation called for each request, since a port may be known only once it is bound
    public AllowedOrigins withOurs(Supplier<Set<String>> installation) {
        return new AllowedOrigins(byTenant, installation);
    }

    /// Reads the settings, and notes errors there.
    public static AllowedOrigins of(Settings settings) {
        return settings.read("MILENA_ORIGINS", ANY, AllowedOrigins::parse);
    }

    /// Reads `shop=https://shop.example https://www.shop.example;demo=*;*=https://app.example`.
    ///
    /// @throws IllegalArgumentException if the text has another form
    static AllowedOrigins parse(String text) {
        Map<String, Set<String>> byTenant = new HashMap<>();
        for (String entry : text.split(";", -1)) {
            if (entry.isBlank()) {
                continue;
            }
            int equals = entry.indexOf('=');
            String tenant = entry.substring(0, Math.max(equals, 0)).strip();
            if (!Ids.isValid(tenant) && !tenant.equals(WILDCARD)) {
                throw new IllegalArgumentException("must be tenant=origin origin;tenant=origin, such as"
                        + " shop=https://shop.example https://www.shop.example; this names no tenant: "
                        + entry.strip());
            }
            if (byTenant.put(tenant, origins(tenant, entry.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("names the tenant " + tenant + " twice");
            }
        }
        return new AllowedOrigins(byTenant, Set::of);
    }

    private static Set<String> origins(String tenant, String spaceSeparated) {
        String list = spaceSeparated.strip();
        if (list.isEmpty()) {
            throw new IllegalArgumentException("names no origin for " + tenant + "; * allows any");
        }
        Set<String> origins = new HashSet<>();
        for (String origin : list.split("\\s+", -1)) {
            origins.add(origin.equals(WILDCARD) ? WILDCARD : normal(origin));
        }
        return Set.copyOf(origins);
    }

    /// An origin as browsers write it: lower case, and without the default port of the scheme.
    ///
    /// @throws IllegalArgumentException if the text is no origin
    public static String normal(String origin) {
        URI uri;
        try {
            uri = new URI(origin.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            throw notAnOrigin(origin);
        }
        String scheme = uri.getScheme();
        String host = uri.getHost();
        if (scheme == null
                || host == null
                || uri.getRawUserInfo() != null
                || !uri.getRawPath().isEmpty()
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw notAnOrigin(origin);
        }
        boolean usualPort = uri.getPort() == -1
                || (scheme.equals("https") && uri.getPort() == 443)
                || (scheme.equals("http") && uri.getPort() == 80);
        return scheme + "://" + host + (usualPort ? "" : ":" + uri.getPort());
    }

    private static IllegalArgumentException notAnOrigin(String origin) {
        return new IllegalArgumentException("must hold origins such as https://shop.example or"
                + " http://localhost:3000, without a path; not: " + origin);
    }

    /// Whether the users of this tenant may call from this origin.
    ///
    /// @param origin the value that the caller sent; null for none
    public boolean allows(String tenant, @Nullable String origin) {
        Set<String> origins = byTenant.getOrDefault(tenant, others());
        return origin == null || isIn(origins, origin) || isIn(ours.get(), origin);
    }

    /// Whether the users of any tenant may call from this origin. Nothing more can be decided before the token is
    /// known.
    boolean allowsSome(String origin) {
        return isIn(others(), origin)
                || isIn(ours.get(), origin)
                || byTenant.values().stream().anyMatch(origins -> isIn(origins, origin));
    }

    private Set<String> others() {
        return byTenant.getOrDefault(WILDCARD, Set.of(WILDCARD));
    }

    private static boolean isIn(Set<String> origins, String origin) {
        return origins.contains(WILDCARD) || origins.contains(origin.toLowerCase(Locale.ROOT));
    }
}
