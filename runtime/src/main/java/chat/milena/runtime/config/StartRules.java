package chat.milena.runtime.config;

import chat.milena.schemas.id.Ids;
import java.util.HashMap;
import java.util.Map;

/// The [MayStart] of each tenant. Immutable.
///
/// A tenant without a rule of its own has the rule of `*`. Without that, anyone may start.
public final class StartRules {
    /// Anyone, for all tenants.
    public static final StartRules ANYONE = new StartRules(Map.of());

    /// Stands for every tenant without a rule of its own.
    private static final String WILDCARD = "*";

    private final Map<String, MayStart> byTenant;

    private StartRules(Map<String, MayStart> byTenant) {
        this.byTenant = Map.copyOf(byTenant);
    }

    /// Reads the settings, and notes errors there.
    public static StartRules of(Settings settings) {
        return settings.read("MILENA_MAY_START", ANYONE, StartRules::parse);
    }

    /// Reads `shop=contacts;*=anyone`.
    ///
    /// @throws IllegalArgumentException if the text has another form
    public static StartRules parse(String text) {
        Map<String, MayStart> byTenant = new HashMap<>();
        for (String entry : text.split(";", -1)) {
            if (entry.isBlank()) {
                continue;
            }
            String[] parts = entry.split("=", -1);
            String tenant = parts[0].strip();
            if (parts.length != 2 || !(Ids.isValid(tenant) || tenant.equals(WILDCARD))) {
                throw new IllegalArgumentException(
                        "must be tenant=rule;tenant=rule, such as shop=contacts;*=anyone; not: " + entry.strip());
            }
            if (byTenant.put(tenant, rule(parts[1].strip())) != null) {
                throw new IllegalArgumentException("names the tenant " + tenant + " twice");
            }
        }
        return new StartRules(byTenant);
    }

    private static MayStart rule(String word) {
        for (MayStart rule : MayStart.values()) {
            if (rule.word().equals(word)) {
                return rule;
            }
        }
        throw new IllegalArgumentException("a rule must be anyone, contacts or host, not: " + word);
    }

    /// The rule of this tenant.
    public MayStart of(String tenant) {
        return byTenant.getOrDefault(tenant, byTenant.getOrDefault(WILDCARD, MayStart.ANYONE));
    }
}
