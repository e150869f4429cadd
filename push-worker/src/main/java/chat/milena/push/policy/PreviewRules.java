package chat.milena.push.policy;

import chat.milena.runtime.config.Settings;
import chat.milena.schemas.id.Ids;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// How much of a message a push shows, by tenant. Immutable.
///
/// A tenant without a rule of its own has the rule of `*`. Without that, everything is shown.
public final class PreviewRules {
    /// Everything, for all tenants.
    public static final PreviewRules FULL = new PreviewRules(Map.of());

    private static final String WILDCARD = "*";

    private final Map<String, Shown> byTenant;

    /// How much is shown, the strictest first.
    public enum Shown {
        /// That there is a message.
        NONE,
        /// Its sender and its conversation, too.
        SENDER,
        /// Its text, too.
        FULL;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Shown> parse(String word) {
            return Stream.of(values())
                    .filter(shown -> shown.word().equals(word))
                    .findFirst();
        }
    }

    private PreviewRules(Map<String, Shown> byTenant) {
        this.byTenant = Map.copyOf(byTenant);
    }

    /// Reads the settings, and notes errors there.
    public static PreviewRules of(Settings settings) {
        return settings.read("MILENA_PUSH_PREVIEW", FULL, PreviewRules::parse);
    }

    /// Reads `shop=sender;*=full`.
    ///
    /// @throws IllegalArgumentException if the text has another form
    public static PreviewRules parse(String text) {
        Map<String, Shown> byTenant = new HashMap<>();
        for (String entry : text.split(";", -1)) {
            if (entry.isBlank()) {
                continue;
            }
            String[] parts = entry.split("=", -1);
            String tenant = parts[0].strip();
            if (parts.length != 2 || !(Ids.isValid(tenant) || tenant.equals(WILDCARD))) {
                throw new IllegalArgumentException(
                        "must be tenant=rule;tenant=rule, such as shop=sender;*=full; not: " + entry.strip());
            }
            Shown shown = Shown.parse(parts[1].strip())
                    .orElseThrow(() -> new IllegalArgumentException("a rule must be full, sender or none"));
            if (byTenant.put(tenant, shown) != null) {
                throw new IllegalArgumentException("names the tenant " + tenant + " twice");
            }
        }
        return new PreviewRules(byTenant);
    }

    /// The stricter of the tenant's rule and the user's. A word of a later version counts as the strictest.
    public Shown of(String tenant, String userPreview) {
        Shown ofTenant = byTenant.getOrDefault(tenant, byTenant.getOrDefault(WILDCARD, Shown.FULL));
        Shown ofUser = Shown.parse(userPreview).orElse(Shown.NONE);
        return ofTenant.compareTo(ofUser) < 0 ? ofTenant : ofUser;
    }
}
