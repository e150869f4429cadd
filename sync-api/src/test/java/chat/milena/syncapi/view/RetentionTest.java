package chat.milena.syncapi.view;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Settings;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.TimelineEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
    private static final Duration STANDARD = Duration.ofDays(30);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void tenantsHaveTheirOwnAndAllOthersTheStandard() {
        Retention retention = Retention.of(environment("shop=7d, demo = 1h"), STANDARD);

        assertThat(retention.of("shop")).isEqualTo(Duration.ofDays(7));
        assertThat(retention.of("demo")).isEqualTo(Duration.ofHours(1));
        assertThat(retention.of("default")).isEqualTo(STANDARD);
    }

    @Test
    void whatIsNotSetIsTheStandardForAll() {
        Settings environment = Settings.ofEnvironment(Map.of());

        assertThat(Retention.of(environment, STANDARD)).isEqualTo(Retention.of(STANDARD));
        assertThat(environment.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "=7d", "sh op=7d", "shop=7d,", ",shop=7d", "shop=7d;demo=1h"})
    void whatIsNoListOfTenantsAndTimesIsRefused(String text) {
        assertThat(errors(text)).singleElement().asString().startsWith("MILENA_RETENTION_TENANTS must be");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop=", "shop=7", "shop=-7d", "shop=week", "shop=7d=8d"})
    void whatIsNoTimeIsRefused(String text) {
        assertThat(errors(text)).singleElement().asString().contains("must be a duration such as");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop=31d", "shop=0d", "demo=1d,shop=721h"})
    void noTenantsTimeIsZeroOrLongerThanTheLogKeepsEvents(String text) {
        assertThat(errors(text)).singleElement().asString().endsWith("at most MILENA_RETENTION for the tenant shop");
    }

    @Test
    void eventIsOverWhenItIsOlderThanItsTenantsRetention() {
        Retention retention = new Retention(STANDARD, Map.of("demo", Duration.ofHours(1)));

        assertThat(retention.isOver(event("demo", null), NOON.plus(Duration.ofHours(1))))
                .isFalse();
        assertThat(retention.isOver(
                        event("demo", null), NOON.plus(Duration.ofHours(1)).plusMillis(1)))
                .isTrue();
        assertThat(retention.isOver(event("shop", null), NOON.plus(STANDARD))).isFalse();
        assertThat(retention.isOver(event("shop", null), NOON.plus(STANDARD).plusMillis(1)))
                .isTrue();
    }

    @Test
    void messageIsOverFromItsOwnEndOn() {
        Retention retention = Retention.of(STANDARD);
        Instant end = NOON.plusSeconds(10);

        assertThat(retention.isOver(event("shop", end), end.minusMillis(1))).isFalse();
        assertThat(retention.isOver(event("shop", end), end)).isTrue();
    }

    private static List<String> errors(String text) {
        Settings environment = environment(text);
        assertThat(Retention.of(environment, STANDARD)).as("the fallback").isEqualTo(Retention.of(STANDARD));
        return environment.errors();
    }

    private static Settings environment(String retentionTenants) {
        return Settings.ofEnvironment(Map.of("MILENA_RETENTION_TENANTS", retentionTenants));
    }

    private static TimelineEvent event(String tenant, @Nullable Instant expiresAt) {
        Message message = new Message("m1", new Content("text", "hello", null, null, null), expiresAt, null, null);
        return new TimelineEvent(
                tenant, "c", 1L, 1L, NOON, "message", "alice", message, null, List.of(), 0L, 1, "member", 0L, null, 0L,
                null, null, null, null, 0L, null, 0L, 0L);
    }
}
