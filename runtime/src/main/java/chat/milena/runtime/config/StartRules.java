package chat.milena.runtime.config;

import chat.milena.schemas.id.Ids;
import java.util.HashMap;
import java.util.Map;

/// The [MayStart] of each tenant. Immutable.
///
/// A tenant without a rule of its own has that of `*` or, where there is none, anyone.
public final class StartRules {
    /// Anyone, for all tenants.
    public static final StartRules ANYONE = new StartRules(Map.of());

    /// As a tenant, every other one.
    private static final String WILDCARD = "*";

    private final Map<String, MayStart> byTenant;

    private StartRules(Map<String, MayStart> byTenant) {
        this.byTenant = Map.copyOf(byTenant);
    }

    /// What the environment says; what is wrong with it is noted there.
    public static StartRules of(Settings environment) {
        return environment.read("MILENA_MAY_START", ANYONE, StartRules::parse);
    }

    /// Reads `shop=contacts;*=anyone`.
    ///
    /// @throws IllegalArgumentException if it says something else
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
                        "must be tenant=rule;tenant=rule, such as shop=contacts;*=anyone; this is none: "
                                + entry.strip());
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
        throw new IllegalArgumentException("a rule is anyone, contacts or host; this is none: " + word);
    }

    /// The rule of this tenant.
    public MayStart of(String tenant) {
        return byTenant.getOrDefault(tenant, byTenant.getOrDefault(WILDCARD, MayStart.ANYONE));
    }
}
