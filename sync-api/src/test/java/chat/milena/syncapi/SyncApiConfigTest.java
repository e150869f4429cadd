package chat.milena.syncapi;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyncApiConfigTest {
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Secret DERIVED = new Secret("derived");

    @Test
    void silentEnvironmentGivesWhatTheProtocolPromises() {
        Settings environment = Settings.ofEnvironment(Map.of());

        SyncApiConfig config = SyncApiConfig.of(environment, RETENTION, AllowedOrigins.ANY, DERIVED);

        assertThat(environment.errors()).isEmpty();
        assertThat(config.limits().sync().conversationsMax()).isEqualTo(500);
        assertThat(config.limits().sync().bodyBytesMax()).isEqualTo(65_536);
        assertThat(config.limits().sync().entriesMax()).isEqualTo(100);
        assertThat(config.limits().pages().max()).isEqualTo(200);
        assertThat(config.limits().pages().usual()).isEqualTo(50);
        assertThat(config.views().retention().of("shop")).isEqualTo(RETENTION);
        assertThat(config.internal().secret()).isEqualTo(DERIVED);
    }

    @Test
    void peersAndRetentionsAreRead() {
        Settings environment = Settings.ofEnvironment(Map.of(
                "MILENA_SYNC_PEERS", "http://127.0.0.1:9101, http://127.0.0.1:9102",
                "MILENA_RETENTION_TENANTS", "shop=7d",
                "MILENA_PAGE_MAX", "20"));

        SyncApiConfig config = SyncApiConfig.of(environment, RETENTION, AllowedOrigins.ANY, DERIVED);

        assertThat(environment.errors()).isEmpty();
        assertThat(config.peers())
                .containsExactly(URI.create("http://127.0.0.1:9101"), URI.create("http://127.0.0.1:9102"));
        assertThat(config.views().retention().of("shop")).isEqualTo(Duration.ofDays(7));
        assertThat(config.limits().pages().usual()).isEqualTo(20);
    }

    @Test
    void bodyOfASyncHoldsAllTheConversationsThatItMayName() {
        Settings environment = Settings.ofEnvironment(
                Map.of("MILENA_SYNC_CONVERSATIONS_MAX", "2000", "MILENA_FRAME_BYTES_MAX", "1024"));

        SyncApiConfig config = SyncApiConfig.of(environment, RETENTION, AllowedOrigins.ANY, DERIVED);

        assertThat(config.limits().sync().bodyBytesMax()).isEqualTo(4_096 + 122 * 2_000);
    }

    @Test
    void instanceWithoutAnySecretIsRefused() {
        Settings environment = Settings.ofEnvironment(Map.of());

        SyncApiConfig.of(environment, RETENTION, AllowedOrigins.ANY, null);

        assertThat(environment.errors()).singleElement().asString().startsWith("MILENA_INTERNAL_SECRET must be set");
    }

    @ParameterizedTest
    @CsvSource({
        "MILENA_SYNC_PEERS, ftp://a:1",
        "MILENA_SYNC_PEERS, http://a:1/path",
        "MILENA_VIEWS_COPY, a/b",
        "MILENA_RETENTION_TENANTS, shop=31d",
        "MILENA_INTERNAL_SECRET, short",
        "MILENA_PAGE_MAX, 0",
        "MILENA_READ_WITHIN, 1ms",
    })
    void whatIsWrongIsNamed(String name, String value) {
        Settings environment = Settings.ofEnvironment(Map.of(name, value));

        SyncApiConfig.of(environment, RETENTION, AllowedOrigins.ANY, DERIVED);

        assertThat(environment.errors()).singleElement().asString().contains(name);
    }
}
