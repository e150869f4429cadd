package chat.milena.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.runtime.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayConfigTest {

    @Test
    void emptyEnvironmentIsWhatTheProtocolPromises() {
        Settings settings = Settings.ofEnvironment(Map.of());

        assertThat(GatewayConfig.of(settings)).isEqualTo(GatewayConfig.DEFAULT);
        assertThat(settings.errors()).isEmpty();
    }

    @Test
    void everyLimitIsRead() {
        Map<String, String> environment = Map.ofEntries(
                Map.entry("MILENA_CONNECTIONS_MAX", "11"),
                Map.entry("MILENA_TEXT_CHARACTERS_MAX", "12"),
                Map.entry("MILENA_METADATA_BYTES_MAX", "13"),
                Map.entry("MILENA_FRAME_BYTES_MAX", "1414"),
                Map.entry("MILENA_MEMBERS_MAX", "15"),
                Map.entry("MILENA_HEARTBEAT_INTERVAL", "16s"),
                Map.entry("MILENA_SILENCE_MAX", "17s"),
                Map.entry("MILENA_WINDOW_MAX", "18"),
                Map.entry("MILENA_ANSWER_WITHIN", "19s"),
                Map.entry("MILENA_OUTBOX_BYTES_MAX", "200000"),
                Map.entry("MILENA_TOKEN_WARNING", "21s"),
                Map.entry("MILENA_MALFORMED_FRAMES_PER_MINUTE", "22"),
                Map.entry("MILENA_REFUSED_FRAMES_PER_MINUTE", "23"),
                Map.entry("MILENA_REST_CALLS_MAX", "24"),
                Map.entry("MILENA_RATE_MESSAGES_PER_SECOND", "25"),
                Map.entry("MILENA_RATE_MESSAGES_PER_MINUTE", "26"),
                Map.entry("MILENA_RATE_TENANT_MESSAGES_PER_SECOND", "27"),
                Map.entry("MILENA_RATE_CONNECTIONS_PER_SECOND", "0"),
                Map.entry("MILENA_RATE_ADDRESS_CONNECTIONS_PER_SECOND", "29"),
                Map.entry("MILENA_RECONNECT_WITHIN", "30s"),
                Map.entry("MILENA_COMMANDS_IN_FLIGHT_MAX", "32"),
                Map.entry("MILENA_CONNECTIONS_PER_USER", "36"),
                Map.entry("MILENA_TENANT_SHARE_PERCENT", "34"),
                Map.entry("MILENA_RATE_FRAMES_PER_SECOND", "37"),
                Map.entry("MILENA_RATE_RECEIPTS_PER_SECOND", "33"),
                Map.entry("MILENA_RATE_TENANT_RECEIPTS_PER_SECOND", "38"),
                Map.entry("MILENA_RATE_POLLS", "39"),
                Map.entry("MILENA_RATE_LIVE_FRAMES_PER_SECOND", "40"),
                Map.entry("MILENA_TYPING_LIFE", "41s"),
                Map.entry("MILENA_TYPING_BROADCAST_MAX", "46"),
                Map.entry("MILENA_PRESENCE_LIFE", "42s"),
                Map.entry("MILENA_PRESENCE_PAUSE", "43ms"),
                Map.entry("MILENA_PRESENCE_GRACE", "14s"),
                Map.entry("MILENA_PRESENCE_WATCHED_MAX", "45"),
                Map.entry("MILENA_RECEIPT_WINDOW", "34ms"),
                Map.entry("MILENA_RECEIPTS_HELD_MAX", "35"),
                Map.entry("MILENA_RECEIPTS_BROADCAST_MAX", "47"),
                Map.entry("MILENA_DRAIN_WITHIN", "31s"),
                Map.entry("MILENA_FEATURE_LEVEL_MAX", "13"));
        Settings settings = Settings.ofEnvironment(environment);

        GatewayConfig config = GatewayConfig.of(settings);

        assertThat(settings.errors()).isEmpty();
        assertThat(settings.unknown()).isEmpty();
        assertThat(config.bounds().connectionsMax()).isEqualTo(11);
        assertThat(config.limits().toString()).contains("=12,", "=13,", "=1414,", "=15]");
        assertThat(config.connection().liveness().heartbeatInterval()).isEqualTo(Duration.ofSeconds(16));
        assertThat(config.connection().liveness().silenceMax()).isEqualTo(Duration.ofSeconds(17));
        assertThat(config.connection().commands().windowMax()).isEqualTo(18);
        assertThat(config.connection().commands().deadline()).isEqualTo(Duration.ofSeconds(19));
        assertThat(config.writes().rest().answerWithin()).isEqualTo(Duration.ofSeconds(19));
        assertThat(config.connection().outbox().bytesMax()).isEqualTo(200_000);
        assertThat(config.connection().liveness().tokenWarning()).isEqualTo(Duration.ofSeconds(21));
        assertThat(config.connection().featureLevel()).isEqualTo(13);
        assertThat(config.connection().frames().malformedMax()).isEqualTo(22);
        assertThat(config.connection().frames().refusedMax()).isEqualTo(23);
        assertThat(config.connection().frames().perSecond()).isEqualTo(37);
        assertThat(config.connection().frames().livePerSecond()).isEqualTo(40);
        assertThat(config.presence().typingLife()).isEqualTo(Duration.ofSeconds(41));
        assertThat(config.presence().times().life()).isEqualTo(Duration.ofSeconds(42));
        assertThat(config.presence().times().pause()).isEqualTo(Duration.ofMillis(43));
        assertThat(config.presence().times().grace()).isEqualTo(Duration.ofSeconds(14));
        assertThat(config.presence().typingMembersMax()).isEqualTo(46);
        assertThat(config.presence().watchedMax()).isEqualTo(45);
        assertThat(config.writes().rest().inFlightMax()).isEqualTo(24);
        RateConfig rates = config.writes().rates();
        assertThat(rates.messages()).isEqualTo(new RateConfig.Messages(25, 26, 27));
        assertThat(rates.clients()).isEqualTo(new RateConfig.Clients(0, 29, 39));
        assertThat(rates.receipts()).isEqualTo(new RateConfig.Receipts(33, 38));
        assertThat(config.connection().commands().receipts().window()).isEqualTo(Duration.ofMillis(34));
        assertThat(config.connection().commands().receipts().heldMax()).isEqualTo(35);
        assertThat(config.connection().commands().receipts().broadcastMax()).isEqualTo(47);
        assertThat(config.bounds().commandsInFlightMax()).isEqualTo(32);
        assertThat(config.bounds().userConnectionsMax()).isEqualTo(36);
        assertThat(config.drain().reconnectWithin()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.drain().within()).isEqualTo(Duration.ofSeconds(31));
    }

    @ParameterizedTest
    @CsvSource({
        "MILENA_CONNECTIONS_MAX, 0",
        "MILENA_TEXT_CHARACTERS_MAX, 0",
        "MILENA_FRAME_BYTES_MAX, 1023",
        "MILENA_FRAME_BYTES_MAX, 1000000",
        "MILENA_MEMBERS_MAX, 1",
        "MILENA_HEARTBEAT_INTERVAL, 30",
        "MILENA_HEARTBEAT_INTERVAL, 90s",
        "MILENA_SILENCE_MAX, 30s",
        "MILENA_CONNECTIONS_PER_USER, 0",
        "MILENA_TENANT_SHARE_PERCENT, 101",
        "MILENA_RATE_MESSAGES_PER_SECOND, -1",
        "MILENA_RATE_FRAMES_PER_SECOND, 100001",
        "MILENA_RATE_MESSAGES_PER_MINUTE, many",
        "MILENA_PRESENCE_GRACE, 3m",
        "MILENA_TYPING_LIFE, 0s",
        "MILENA_TYPING_BROADCAST_MAX, 1001",
        "MILENA_RECEIPTS_BROADCAST_MAX, 1001",
        "MILENA_PRESENCE_WATCHED_MAX, 0",
        "MILENA_FEATURE_LEVEL_MAX, 0",
        "MILENA_FEATURE_LEVEL_MAX, 1000",
        "MILENA_FEATURE_LEVEL_MAX, latest",
    })
    void wrongLimitsAreNotedAndOthersUsedInstead(String name, String value) {
        Settings settings = Settings.ofEnvironment(Map.of(name, value));

        GatewayConfig.of(settings);

        assertThat(settings.errors()).singleElement().asString().contains(name);
    }
}
