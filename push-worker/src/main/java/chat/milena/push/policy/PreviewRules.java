package chat.milena.push.policy;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.config.TenantRules;
import chat.milena.schemas.word.PushPreview;
import chat.milena.schemas.word.Word;

/// How much of a message a push shows, by tenant. Immutable.
///
/// @param byTenant without a rule, everything is shown
public record PreviewRules(TenantRules<PushPreview> byTenant) {
    /// Everything, for all tenants.
    public static final PreviewRules FULL = new PreviewRules(TenantRules.all(PushPreview.FULL));

    /// Reads the settings, and notes errors there.
    public static PreviewRules of(Settings settings) {
        return settings.read("MILENA_PUSH_PREVIEW", FULL, PreviewRules::parse);
    }

    /// Reads `shop=sender;*=full`.
    ///
    /// @throws IllegalArgumentException if the text has another form
    public static PreviewRules parse(String text) {
        return new PreviewRules(TenantRules.parse(
                text,
                PushPreview.FULL,
                "shop=sender;*=full",
                word -> Word.parse(PushPreview.class, word)
                        .orElseThrow(() -> new IllegalArgumentException("a rule must be full, sender or none"))));
    }

    /// The stricter of the tenant's rule and the user's. A word of a later version counts as the strictest.
    public PushPreview of(String tenant, String userPreview) {
        PushPreview ofTenant = byTenant.of(tenant);
        PushPreview ofUser = Word.parse(PushPreview.class, userPreview).orElse(PushPreview.NONE);
        return ofTenant.compareTo(ofUser) > 0 ? ofTenant : ofUser;
    }
}
