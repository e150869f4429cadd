package chat.milena.protocol.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                " a ",
                "Zoë",
                "Zoe\u0308",
                "مجموعة العائلة",
                "می\u200cخواهم",
                "משפחה",
                "क्‍ष",
                "家族",
                "👨\u200d👩\u200d👧\u200d👦",
                "❤\ufe0f",
                "🏴\udb40\udc67\udb40\udc62\udb40\udc65\udb40\udc6e\udb40\udc67\udb40\udc7f",
                "…",
                "$",
                "\uf8ff"
            })
    void namesOfAnyScriptAreGood(String name) {
        assertThat(NameRules.fault(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u00a0",
                "\u200b",
                "\u2060\ufeff",
                "\u200d",
                "\u3000 \u2003",
                "\u00ad",
                "\u3164",
                "\u115f\u1160",
                "\u2800",
                "\u0301",
                "\ufe0f",
                "\udb40\udc67",
                "\u2028"
            })
    void namesThatShowNothingAreNone(String name) {
        assertThat(NameRules.fault(name)).contains("visible");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u202egnp.exe", "\u200fa", "a\u2066b\u2069", "a\u061c"})
    void directionIsNotControlled(String name) {
        assertThat(NameRules.fault(name)).contains("direction");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000", "a\nb", "a\u2028b", "a\u0085b"})
    void controlCharactersAreRefused(String name) {
        assertThat(NameRules.fault(name)).contains("control characters");
    }

    @Test
    void loneSurrogatesAreRefused() {
        assertThat(NameRules.fault("a\ud83d")).contains("lone surrogates");
    }

    @Test
    void charactersAreCountedAsCodePoints() {
        assertThat(NameRules.fault("🎉".repeat(NameRules.CODE_POINTS_MAX))).isNull();
        assertThat(NameRules.fault("a".repeat(NameRules.CODE_POINTS_MAX + 1))).contains("200");
    }
}
