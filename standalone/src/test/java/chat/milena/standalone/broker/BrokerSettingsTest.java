package chat.milena.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {
    @Test
    void everyListenerIsOnLoopbackAndAsksForThePassword() {
        Map<String, Object> settings = BrokerSettings.of(Path.of("kafka"), KafkaProbe.LOGIN, 1, 2, BrokerOptions.USUAL)
                .originals();

        assertThat(String.valueOf(settings.get("listeners")).split(","))
                .hasSize(2)
                .allMatch(listener -> listener.contains("://127.0.0.1:"));
        assertThat(String.valueOf(settings.get("listener.security.protocol.map"))
                        .split(","))
                .hasSize(2)
                .allMatch(listener -> listener.endsWith(":SASL_PLAINTEXT"));
        for (String listener : new String[] {"broker", "controller"}) {
            assertThat(settings)
                    .containsEntry(
                            "listener.name." + listener + ".scram-sha-256.sasl.server.callback.handler.class",
                            LoginCheck.class.getName());
        }
    }

    @Test
    void textFormsHideThePassword() {
        String password = KafkaProbe.LOGIN.password().value();

        assertThat(KafkaProbe.LOGIN.toString()).doesNotContain(password);
        assertThat(BrokerSettings.of(Path.of("kafka"), KafkaProbe.LOGIN, 1, 2, BrokerOptions.USUAL)
                        .values()
                        .toString())
                .doesNotContain(password);
    }
}
