package chat.milena.standalone.broker;

import chat.milena.runtime.config.Secret;
import java.util.Locale;
import java.util.Map;

/// The one login of the embedded broker, by which its clients and the broker prove to each other that they have the
/// folder's password. The password itself never crosses the wire: another user of this machine who listens on the port
/// while the broker is down learns nothing from who comes.
///
/// @param password without quotes and backslashes
public record BrokerLogin(Secret password) {
    static final String MECHANISM = "SCRAM-SHA-256";
    static final String USER = "milena";

    private static final String PROTOCOL = "SASL_PLAINTEXT";

    /// Properties of every client of the broker.
    public Map<String, String> clientProperties() {
        return Map.of("security.protocol", PROTOCOL, "sasl.mechanism", MECHANISM, "sasl.jaas.config", jaas());
    }

    /// Properties of the broker for one of its listeners, and for its own connections to it.
    Map<String, String> listenerProperties(String listener) {
        String prefix =
                "listener.name." + listener.toLowerCase(Locale.ROOT) + "." + MECHANISM.toLowerCase(Locale.ROOT) + ".";
        return Map.of(
                prefix + "sasl.jaas.config",
                jaas(),
                prefix + "sasl.server.callback.handler.class",
                LoginCheck.class.getName());
    }

    private String jaas() {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(USER, password.value());
    }
}
