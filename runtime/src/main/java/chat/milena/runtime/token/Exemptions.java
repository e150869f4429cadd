package chat.milena.runtime.token;

import chat.milena.runtime.config.Settings;
import chat.milena.schemas.id.Ids;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The keys whose tokens may exempt their bearers from rates: those that the operator names. A host application
/// signs for its users and does not decide what they cost other tenants. Immutable.
///
/// @param secrets accepted for HS256, in addition to those of hosts
/// @param published names of published keys
public record Exemptions(List<TokenSecret> secrets, Set<KeyName> published) {
    /// No key exempts its bearers.
    public static final Exemptions NONE = new Exemptions(List.of(), Set.of());

    public Exemptions {
        secrets = List.copyOf(secrets);
        published = Set.copyOf(published);
    }

    /// The name of a published key.
    ///
    /// @param tenant whose tokens it may exempt. Null for any tenant, and then only for keys of a URL that serves
    /// all tenants, since a tenant chooses the names of its own keys
    public record KeyName(@Nullable String tenant, String kid) {}

    /// Reads the settings, and adds these secrets; notes errors in the settings.
    public static Exemptions of(Settings settings, List<TokenSecret> secrets) {
        return new Exemptions(secrets, settings.read("MILENA_UNLIMITED_KEYS", Set.of(), Exemptions::parse));
    }

    /// Whether a published key of this name, from this URL, may exempt users of this tenant.
    boolean includes(@Nullable String kid, KeySource source, String tenant) {
        return kid != null
                && (published.contains(new KeyName(tenant, kid))
                        || (source.tenant() == null && published.contains(new KeyName(null, kid))));
    }

    private static Set<KeyName> parse(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(",", -1))
                .map(String::strip)
                .map(Exemptions::name)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /// `shop=kid`, or a kid alone. A text before an equals sign within or at the end of a kid is no tenant.
    private static KeyName name(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("must be key ids, comma separated, such as import-1 or shop=import-1");
        }
        int equals = text.indexOf('=');
        if (equals < 0 || equals == text.length() - 1 || !Ids.isValid(text.substring(0, equals))) {
            return new KeyName(null, text);
        }
        return new KeyName(text.substring(0, equals), text.substring(equals + 1));
    }
}
