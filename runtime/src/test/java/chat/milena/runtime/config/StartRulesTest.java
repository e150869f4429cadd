package chat.milena.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartRulesTest {
    @Test
    void tenantHasItsOwnRuleOrThatOfAllOthers() {
        StartRules rules = StartRules.parse("shop=contacts; school=host ;*=anyone;");

        assertThat(rules.of("shop")).isEqualTo(MayStart.CONTACTS);
        assertThat(rules.of("school")).isEqualTo(MayStart.HOST);
        assertThat(rules.of("other")).isEqualTo(MayStart.ANYONE);
        assertThat(StartRules.parse("*=host").of("any")).isEqualTo(MayStart.HOST);
        assertThat(StartRules.ANYONE.of("any")).isEqualTo(MayStart.ANYONE);
        assertThat(StartRules.parse("shop=host").of("other")).isEqualTo(MayStart.ANYONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"contacts", "shop=", "shop=friends", "=host", "a b=host", "shop=host;shop=anyone", "a=host=b"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> StartRules.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
