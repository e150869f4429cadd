package chat.milena.standalone.broker;

import chat.milena.runtime.config.Secret;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.security.scram.internals.ScramCredentialUtils;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/// A login of the embedded broker. Its clients and the broker use it to prove to each other that they have the
/// password. The password itself never crosses the wire: if another user of this machine listens on the port while
/// the broker is down, the clients reveal nothing to them.
///
/// @param user the name by which the broker knows them
/// @param password without quotes and backslashes
public record BrokerLogin(String user, Secret password) {
    static final String MECHANISM = "SCRAM-SHA-256";

    /// Who may do everything.
    static final String USER = "milena";

    /// Who may only read.
    static final String READER = "reader";

    private static final String PROTOCOL = "SASL_PLAINTEXT";

    /// The login of the services, which may do everything.
    public BrokerLogin(Secret password) {
        this(USER, password);
    }

    /// The login of those who only read.
    public static BrokerLogin ofReaders(Secret password) {
        return new BrokerLogin(READER, password);
    }

    /// Properties for every client of the broker.
    public Map<String, String> clientProperties() {
        return Map.of("security.protocol", PROTOCOL, "sasl.mechanism", MECHANISM, "sasl.jaas.config", jaas(""));
    }

    /// The same for clients that are made with librdkafka, such as kcat, and those of Python and Go.
    public Map<String, String> librdkafkaProperties() {
        return Map.of(
                "security.protocol",
                PROTOCOL,
                "sasl.mechanisms",
                MECHANISM,
                "sasl.username",
                user,
                "sasl.password",
                password.value());
    }

    /// Properties of the broker, for its listeners and for its own connections to them.
    Map<String, String> listenerProperties(List<String> listeners) {
        // Computed once: each thread of a listener has a check of its own.
        String jaas = jaas(" %s=\"%s\"".formatted(LoginCheck.CREDENTIAL, credential()));
        Map<String, String> properties = new HashMap<>();
        for (String listener : listeners) {
            String prefix = "listener.name." + listener.toLowerCase(Locale.ROOT) + "."
                    + MECHANISM.toLowerCase(Locale.ROOT) + ".";
            properties.put(prefix + "sasl.jaas.config", jaas);
            properties.put(prefix + "sasl.server.callback.handler.class", LoginCheck.class.getName());
        }
        return properties;
    }

    private String credential() {
        ScramMechanism mechanism = ScramMechanism.SCRAM_SHA_256;
        try {
            // The minimum of rounds: the password is random, and each connection pays for the rounds.
            return ScramCredentialUtils.credentialToString(
                    new ScramFormatter(mechanism).generateCredential(password.value(), mechanism.minIterations()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private String jaas(String further) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\"%s;"
                .formatted(user, password.value(), further);
    }
}
