package chat.milena.runtime.config;

import chat.milena.schemas.id.Ids;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// A rule for each tenant, as settings write it: `shop=contacts;*=anyone`. Immutable.
///
/// A tenant without a rule of its own has the rule of `*`. Without that it has the usual one.
public final class TenantRules<R> {
    /// Stands for every tenant without a rule of its own.
    private static final String WILDCARD = "*";

    private final Map<String, R> byTenant;
    private final R usual;

    private TenantRules(Map<String, R> byTenant, R usual) {
        this.byTenant = Map.copyOf(byTenant);
        this.usual = usual;
    }

    /// The same rule for all tenants.
    public static <R> TenantRules<R> all(R usual) {
        return new TenantRules<>(Map.of(), usual);
    }

    /// Reads the text of a setting.
    ///
    /// @param example a text of this form, for the error
    /// @param rule reads a rule
    /// @throws IllegalArgumentException if the text has another form
    public static <R> TenantRules<R> parse(String text, R usual, String example, Function<String, R> rule) {
        Map<String, R> byTenant = new HashMap<>();
        for (String entry : text.split(";", -1)) {
            if (entry.isBlank()) {
                continue;
            }
            String[] parts = entry.split("=", -1);
            String tenant = parts[0].strip();
            if (parts.length != 2 || !(Ids.isValid(tenant) || tenant.equals(WILDCARD))) {
                throw new IllegalArgumentException(
                        "must be tenant=rule;tenant=rule, such as " + example + "; not: " + entry.strip());
            }
            if (byTenant.put(tenant, rule.apply(parts[1].strip())) != null) {
                throw new IllegalArgumentException("names the tenant " + tenant + " twice");
            }
        }
        return new TenantRules<>(byTenant, usual);
    }

    /// The rule of this tenant.
    public R of(String tenant) {
        return byTenant.getOrDefault(tenant, byTenant.getOrDefault(WILDCARD, usual));
    }
}
