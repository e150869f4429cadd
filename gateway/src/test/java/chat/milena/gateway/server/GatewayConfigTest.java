package chat.milena.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.gateway.connection.ConnectionConfig;
import chat.milena.gateway.frame.Limits;
import chat.milena.gateway.inbound.InboundConfig;
import chat.milena.gateway.rest.RestConfig;
import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {

    @Test
    void emptyEnvironmentGivesTheDefaults() throws Exception {
        Settings settings = Settings.ofEnvironment(Map.of());

        assertThat(GatewayConfig.of(settings)).isEqualTo(GatewayConfig.DEFAULT);
        settings.check();
    }

    @Test
    void environmentIsRead() throws Exception {
        Settings settings = Settings.ofEnvironment(Map.of(
                "MILENA_GATEWAY_CONNECTIONS_MAX", "7",
                "MILENA_GATEWAY_COMMANDS_MAX", "8",
                "MILENA_GATEWAY_OUTBOX_BYTES_MAX", "100000",
                "MILENA_GATEWAY_LINGER", "3ms"));

        GatewayConfig config = GatewayConfig.of(settings);

        settings.check();
        assertThat(config.connectionsMax()).isEqualTo(7);
        assertThat(config.commandsInFlightMax()).isEqualTo(8);
        assertThat(config.connection().outboxBytesMax()).isEqualTo(100_000);
        assertThat(config.inbound().linger()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void wrongValuesAreAllToldAtOnce() {
        Settings settings =
                Settings.ofEnvironment(Map.of("MILENA_GATEWAY_CONNECTIONS_MAX", "0", "MILENA_GATEWAY_LINGER", "soon"));
        GatewayConfig.of(settings);

        assertThatThrownBy(settings::check)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("MILENA_GATEWAY_CONNECTIONS_MAX")
                .hasMessageContaining("MILENA_GATEWAY_LINGER");
    }

    @Test
    void recordsTellAllTheirErrorsAtOnce() {
        assertThatThrownBy(() -> new GatewayConfig(
                        0,
                        0,
                        Duration.ofSeconds(-1),
                        Duration.ZERO,
                        Duration.ZERO,
                        Limits.DEFAULT,
                        ConnectionConfig.DEFAULT,
                        InboundConfig.DEFAULT,
                        RestConfig.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connectionsMax")
                .hasMessageContaining("commandsInFlightMax")
                .hasMessageContaining("shardLinger")
                .hasMessageContaining("drainWithin");
    }
}
