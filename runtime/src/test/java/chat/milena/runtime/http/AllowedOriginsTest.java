package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Settings;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedOriginsTest {
    private static final String SETTING = "MILENA_ORIGINS";

    private static AllowedOrigins of(String text) {
        Settings environment = Settings.ofEnvironment(Map.of(SETTING, text));
        AllowedOrigins origins = AllowedOrigins.of(environment);
        assertThat(environment.errors()).isEmpty();
        return origins;
    }

    @Test
    void withoutASettingAnyWebsiteMayCall() {
        AllowedOrigins origins = AllowedOrigins.of(Settings.ofEnvironment(Map.of()));

        assertThat(origins.allows("shop", "https://evil.example")).isTrue();
        assertThat(origins.allowsSome("null")).isTrue();
    }

    @Test
    void originsOfTheInstallationServeEveryTenant() {
        AllowedOrigins origins =
                of("shop=https://a.example;*=https://b.example").withOurs(() -> Set.of("https://chat.example"));

        assertThat(origins.allows("shop", "https://chat.example")).isTrue();
        assertThat(origins.allows("unlisted", "https://chat.example")).isTrue();
        assertThat(origins.allowsSome("https://chat.example")).isTrue();
        assertThat(origins.allows("shop", "https://b.example")).isFalse();
        assertThat(origins.allows("shop", "null")).isFalse();
    }

    @Test
    void tenantsHaveListsOfTheirOwn() {
        AllowedOrigins origins = of("shop=https://a.example  https://b.example; other=https://c.example ;open=*;");

        assertThat(origins.allows("shop", "https://a.example")).isTrue();
        assertThat(origins.allows("shop", "https://b.example")).isTrue();
        assertThat(origins.allows("shop", "https://c.example")).isFalse();
        assertThat(origins.allows("shop", null)).isTrue();
        assertThat(origins.allows("other", "https://a.example")).isFalse();
        assertThat(origins.allows("open", "https://anything.example")).isTrue();
        assertThat(origins.allows("unlisted", "https://anything.example")).isTrue();
    }

    @Test
    void starHoldsTenantsWithoutAList() {
        AllowedOrigins origins = of("shop=https://a.example;*=https://app.example");

        assertThat(origins.allows("unlisted", "https://app.example")).isTrue();
        assertThat(origins.allows("unlisted", "https://a.example")).isFalse();
        assertThat(origins.allows("shop", "https://app.example")).isFalse();
        assertThat(origins.allowsSome("https://a.example")).isTrue();
        assertThat(origins.allowsSome("https://app.example")).isTrue();
        assertThat(origins.allowsSome("https://evil.example")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, https://a.example, true",
        "HTTPS://A.Example, https://a.example, true",
        "https://a.example:443, https://a.example, true",
        "http://localhost:80, http://localhost, true",
        "http://localhost:3000, http://localhost:3000, true",
        "https://[::1]:8443, https://[::1]:8443, true",
        "capacitor://localhost, capacitor://localhost, true",
        "https://a.example, https://A.EXAMPLE, true",
        "https://a.example, http://a.example, false",
        "https://a.example, https://a.example:8443, false",
        "https://a.example, https://a.example.evil.example, false",
        "https://a.example, https://evil.example/https://a.example, false",
        "https://a.example, https://sub.a.example, false",
        "https://a.example, null, false",
        "https://a.example, '', false",
        "https://a.example, 'https://a.example https://evil.example', false",
        "https://a.example, *, false",
    })
    void originsAreComparedWhole(String allowed, String sent, boolean expected) {
        assertThat(of("shop=" + allowed).allows("shop", sent)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, this names no tenant",
        "=https://a.example, this names no tenant",
        "a/b=https://a.example, this names no tenant",
        "shop=, 'names no origin (* allows any), for shop'",
        "shop=a.example, not: a.example",
        "shop=https://a.example/, not: https://a.example/",
        "shop=https://a.example/app, without a path; not",
        "shop=https://a.example?x, without a path; not",
        "shop=https://u@a.example, without a path; not",
        "shop=https://*.a.example, without a path; not",
        "shop=https://, without a path; not",
        "shop=null, without a path; not",
        "'shop=https://a.example,https://b.example', without a path; not",
        "shop=https://a.example;shop=https://b.example, names the tenant shop twice",
    })
    void malformedSettingsAreExplained(String text, String reason) {
        Settings environment = Settings.ofEnvironment(Map.of(SETTING, text));

        AllowedOrigins.of(environment);

        assertThat(environment.errors())
                .singleElement()
                .asString()
                .startsWith("MILENA_ORIGINS ")
                .contains(reason);
    }
}
