package chat.milena.runtime.config;

import chat.milena.schemas.id.Ids;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

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
            int equals = entry.indexOf('=');
            String tenant = entry.substring(0, Math.max(equals, 0)).strip();
            if (!Ids.isValid(tenant) && !tenant.equals(WILDCARD)) {
                throw new IllegalArgumentException("must be tenant=rule;tenant=rule, such as " + example
                        + "; this names no tenant: " + entry.strip());
            }
            if (byTenant.put(tenant, read(tenant, entry.substring(equals + 1).strip(), rule)) != null) {
                throw new IllegalArgumentException("names the tenant " + tenant + " twice");
            }
        }
        return new TenantRules<>(byTenant, usual);
    }

    private static <R> R read(String tenant, String text, Function<String, R> rule) {
        try {
            return rule.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + ", for " + tenant, e);
        }
    }

    /// The rule of this tenant.
    public R of(String tenant) {
        return byTenant.getOrDefault(tenant, ofOthers());
    }

    /// Whether this holds for the rule of some tenant.
    public boolean someMatches(Predicate<R> condition) {
        return condition.test(ofOthers()) || byTenant.values().stream().anyMatch(condition);
    }

    private R ofOthers() {
        return byTenant.getOrDefault(WILDCARD, usual);
    }
}
