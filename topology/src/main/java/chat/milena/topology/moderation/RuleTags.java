package chat.milena.topology.moderation;

import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.Set;

/// Labels of meters by rule: its tenant and its name, which is unique in the tenant. Safe for all threads.
///
/// **Bound:** the first [#RULES_MAX] rules; those that come later share the label `other`.
public final class RuleTags {
    /// How many rules have labels of their own.
    static final int RULES_MAX = 200;

    /// Of all rules beyond.
    public static final Tags OTHERS = tags("other", "other");

    private final Set<Tags> known = new HashSet<>();

    /// The labels of a rule.
    public synchronized Tags of(String tenant, String rule) {
        Tags tags = tags(tenant, rule);
        return known.contains(tags) || (known.size() < RULES_MAX && known.add(tags)) ? tags : OTHERS;
    }

    private static Tags tags(String tenant, String rule) {
        return Tags.of("tenant", tenant, "rule", rule);
    }
}
