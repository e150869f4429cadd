package chat.milena.runtime.token;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwksConfigTest {
    @Test
    void withoutSettingsNothingIsFetched() {
        Settings environment = Settings.ofEnvironment(Map.of());

        assertThat(JwksConfig.of(environment).urls()).isEmpty();
        assertThat(JwksConfig.of(environment).outage()).isEqualTo(Duration.ofHours(24));
        assertThat(environment.errors()).isEmpty();
    }

    @Test
    void urlsAreCommaSeparated() {
        Settings environment = Settings.ofEnvironment(Map.of(
                "MILENA_JWKS_URL",
                "https://id.example/jwks.json, https://other.example:8443/keys?v=1,https://id.example/jwks.json",
                "MILENA_JWKS_OUTAGE",
                "2h"));

        JwksConfig config = JwksConfig.of(environment);

        assertThat(config.urls())
                .containsExactly(
                        new KeySource(URI.create("https://id.example/jwks.json"), null),
                        new KeySource(URI.create("https://other.example:8443/keys?v=1"), null));
        assertThat(config.outage()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void urlMayBeForOneTenant() {
        Settings environment = Settings.ofEnvironment(Map.of(
                "MILENA_JWKS_URL",
                "shop=https://shop.example/keys?v=1,https://id.example/,b.a-n_k=https://shop.example/keys?v=1"));

        URI shop = URI.create("https://shop.example/keys?v=1");
        assertThat(JwksConfig.of(environment).urls())
                .containsExactly(
                        new KeySource(shop, "shop"),
                        new KeySource(URI.create("https://id.example/"), null),
                        new KeySource(shop, "b.a-n_k"));
        assertThat(environment.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:1/k", "http://127.0.0.1/k", "http://127.8.9.1/k", "http://[::1]:80/k"})
    void httpIsForThisMachine(String url) {
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_JWKS_URL", url));

        assertThat(JwksConfig.of(environment).urls()).containsExactly(new KeySource(URI.create(url), null));
        assertThat(environment.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example/jwks.json",
                "http://127.0.0.1.evil.example/",
                "http://localhost.evil.example/",
                "https://user:pass@id.example/",
                "https:///keys",
                "https://id.example/#keys",
                "ftp://id.example/",
                "file:///etc/passwd",
                "id.example/jwks.json",
                "shop=id.example/jwks.json",
                "shop=",
                "=https://id.example/",
                "two words=https://id.example/",
                "shop=shop=https://id.example/",
                "https://id.example/a b",
                "https://id.example/,",
                ","
            })
    void otherUrlsAreRefused(String url) {
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_JWKS_URL", url));

        assertThat(JwksConfig.of(environment).urls()).isEmpty();
        assertThat(environment.errors())
                .singleElement()
                .asString()
                .startsWith("MILENA_JWKS_URL must be URLs with https")
                .doesNotContain("pass@");
    }

    @Test
    void tooManyUrlsAreRefused() {
        StringBuilder urls = new StringBuilder("https://id.example/0");
        for (int i = 1; i < 9; i++) {
            urls.append(",https://id.example/").append(i);
        }
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_JWKS_URL", urls.toString()));

        JwksConfig.of(environment);

        assertThat(environment.errors()).containsExactly("MILENA_JWKS_URL must be at most 8 URLs");
    }
}
