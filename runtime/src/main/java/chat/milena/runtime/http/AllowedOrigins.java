package chat.milena.runtime.http;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.config.TenantRules;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The websites from which the users of a tenant may call, by the `Origin` that browsers send. Immutable.
///
/// A tenant without a list of its own has the list of `*`. Without that, any website is allowed. A caller that
/// sends no `Origin` is no browser and is not restricted.
public final class AllowedOrigins {
    /// The setting that allows any origin.
    private static final String WILDCARD = "*";

    /// Any website, for all tenants.
    public static final AllowedOrigins ANY = new AllowedOrigins(TenantRules.all(Set.of(WILDCARD)), Set::of);

    private final TenantRules<Set<String>> byTenant;
    private final Supplier<Set<String>> ours;

    private AllowedOrigins(TenantRules<Set<String>> byTenant, Supplier<Set<String>> ours) {
        this.byTenant = byTenant;
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
        String example = "shop=https://shop.example https://www.shop.example";
        return new AllowedOrigins(TenantRules.parse(text, Set.of(WILDCARD), example, AllowedOrigins::origins), Set::of);
    }

    private static Set<String> origins(String list) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException("names no origin (* allows any)");
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
        return origin == null || isIn(byTenant.of(tenant), origin) || isIn(ours.get(), origin);
    }

    /// Whether the users of any tenant may call from this origin. Nothing more can be decided before the token is
    /// known.
    boolean allowsSome(String origin) {
        return isIn(ours.get(), origin) || byTenant.someMatches(origins -> isIn(origins, origin));
    }

    private static boolean isIn(Set<String> origins, String origin) {
        return origins.contains(WILDCARD) || origins.contains(origin.toLowerCase(Locale.ROOT));
    }
}
