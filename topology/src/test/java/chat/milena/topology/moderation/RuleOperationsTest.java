package chat.milena.topology.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.avro.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleOperationsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    private final ModerationRuleset first = rules(1, NOW.minus(Duration.ofHours(1)));

    private static ModerationRuleset rules(long version, Instant since) {
        return new ModerationRuleset(version, since, List.of(), List.of(), null, null);
    }

    @Test
    void rulesHoldUntilTheNextOnesDo() {
        assertThat(RuleOperations.held(new Tenant("acme", first, null), NOW)).isSameAs(first);
    }

    /// Else no rules at all would hold from now until those have begun.
    @Test
    void rulesThatHaveNotBegunAreReplacedAndThoseBeforeHold() {
        Tenant second = new Tenant("acme", rules(2, NOW.plusMillis(700)), first);

        assertThat(RuleOperations.held(second, NOW)).isSameAs(first);
    }

    @Test
    void aTenantWithoutRulesHasNone() {
        assertThat(RuleOperations.held(null, NOW)).isNull();
    }
}
