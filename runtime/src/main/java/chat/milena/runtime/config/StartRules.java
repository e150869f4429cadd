package chat.milena.runtime.config;

/// The [MayStart] of each tenant. Immutable.
///
/// @param byTenant without a rule, anyone may start
public record StartRules(TenantRules<MayStart> byTenant) {
    /// Anyone, for all tenants.
    public static final StartRules ANYONE = new StartRules(TenantRules.all(MayStart.ANYONE));

    /// Reads the settings, and notes errors there.
    public static StartRules of(Settings settings) {
        return settings.read("MILENA_MAY_START", ANYONE, StartRules::parse);
    }

    /// Reads `shop=contacts;*=anyone`.
    ///
    /// @throws IllegalArgumentException if the text has another form
    public static StartRules parse(String text) {
        return new StartRules(TenantRules.parse(text, MayStart.ANYONE, "shop=contacts;*=anyone", StartRules::rule));
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
        return byTenant.of(tenant);
    }
}
