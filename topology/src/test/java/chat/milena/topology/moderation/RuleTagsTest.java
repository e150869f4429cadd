package chat.milena.topology.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleTagsTest {
    private final RuleTags labels = new RuleTags();

    @Test
    void rulesOfTheSameNameAreApartByTenant() {
        assertThat(labels.of("shop", "spam")).isEqualTo(Tags.of("tenant", "shop", "rule", "spam"));
        assertThat(labels.of("club", "spam")).isEqualTo(Tags.of("tenant", "club", "rule", "spam"));
    }

    @Test
    void rulesBeyondTheBoundShareTheirLabels() {
        Set<Tags> all = new HashSet<>();
        for (int i = 0; i < 3 * RuleTags.RULES_MAX; i++) {
            all.add(labels.of("t" + i % 7, "rule" + i));
        }

        assertThat(all).hasSize(RuleTags.RULES_MAX + 1).contains(RuleTags.OTHERS);
        assertThat(labels.of("t0", "rule0")).isNotEqualTo(RuleTags.OTHERS);
    }
}
