package chat.milena.runtime.kafka;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.Traces;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/// The one place that makes the properties of Kafka clients: the brokers, the values that the code needs, and the
/// overrides of an operator. Immutable, safe for all threads.
///
/// `MILENA_KAFKA_SECURITY_PROTOCOL` sets `security.protocol` of every client; `MILENA_KAFKA_PRODUCER_…`,
/// `MILENA_KAFKA_CONSUMER_…`, `MILENA_KAFKA_STREAMS_…` and `MILENA_KAFKA_ADMIN_…` set a property of one kind
/// only. An override wins over the value of the code.
public final class KafkaClients {
    /// The prefix of all overrides.
    public static final String PREFIX = "MILENA_KAFKA_";

    /// The suffixes of properties that hold secrets.
    private static final List<String> SECRETS = List.of("JAAS_CONFIG", "PASSWORD", "KEYSTORE_KEY");

    private static final String SECURITY = "SECURITY_PROTOCOL";
    private static final String BOOTSTRAP = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

    private enum Kind {
        PRODUCER,
        CONSUMER,
        STREAMS,
        ADMIN
    }

    private final String bootstrapServers;
    private final Map<String, String> login;
    private final Map<String, String> overrides;
    private final @Nullable Traces traces;

    private KafkaClients(
            String bootstrapServers,
            Map<String, String> login,
            Map<String, String> overrides,
            @Nullable Traces traces) {
        this.bootstrapServers = bootstrapServers;
        this.traces = traces;
        this.login = Map.copyOf(login);
        this.overrides = Map.copyOf(overrides);
    }

    /// Clients of the cluster at `MILENA_KAFKA_BOOTSTRAP_SERVERS`, by default one broker on this machine.
    public static KafkaClients of(Settings settings) {
        return ofCluster(settings, Map.of());
    }

    /// The same, for a cluster that needs this login, unless the settings say how else to connect.
    ///
    /// @param login properties of all clients by which the brokers know them
    public static KafkaClients ofCluster(Settings settings, Map<String, String> login) {
        Map<String, String> overrides = settings.startingWith(PREFIX, SECRETS);
        String bootstrapServers = overrides.remove("BOOTSTRAP_SERVERS");
        return new KafkaClients(
                bootstrapServers == null ? "127.0.0.1:9092" : bootstrapServers,
                overrides.containsKey(SECURITY) ? Map.of() : login,
                overrides,
                Traces.of(settings));
    }

    /// Clients of a broker that this process runs itself.
    ///
    /// @param login properties of all clients by which the broker knows them
    public static KafkaClients ofOwnBroker(Settings settings, String bootstrapServers, Map<String, String> login) {
        Map<String, String> overrides = settings.startingWith(PREFIX, SECRETS);
        for (String name : List.of("BOOTSTRAP_SERVERS", SECURITY, "SASL_MECHANISM", "SASL_JAAS_CONFIG")) {
            if (overrides.remove(name) != null) {
                settings.refuse(PREFIX + name + " must not be set: this process runs its own broker");
            }
        }
        return new KafkaClients(bootstrapServers, login, overrides, Traces.of(settings));
    }

    /// Clients without any override.
    public static KafkaClients of(String bootstrapServers, Map<String, String> login) {
        return new KafkaClients(bootstrapServers, login, Map.of(), null);
    }

    /// The brokers: `host:port`, comma separated.
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /// Where the traces of what they carry go; null if nothing is traced.
    public @Nullable Traces traces() {
        return traces;
    }

    /// Properties of a producer that needs `asked`.
    public Map<String, Object> producer(Map<String, ?> asked) {
        return properties(Kind.PRODUCER, asked);
    }

    /// Properties of a consumer that needs `asked`.
    public Map<String, Object> consumer(Map<String, ?> asked) {
        return properties(Kind.CONSUMER, asked);
    }

    /// Properties of a Streams application that needs `asked`.
    public Map<String, Object> streams(Map<String, ?> asked) {
        return properties(Kind.STREAMS, asked);
    }

    /// Properties of an admin client.
    public Map<String, Object> admin() {
        return properties(Kind.ADMIN, Map.of());
    }

    private Map<String, Object> properties(Kind kind, Map<String, ?> asked) {
        Map<String, Object> properties = new HashMap<>(asked);
        properties.put(BOOTSTRAP, bootstrapServers);
        properties.putAll(login);
        // Put last, so that the override for one kind wins over the override for all.
        Map<String, String> special = new HashMap<>();
        overrides.forEach((name, value) -> {
            Kind owner = ownerOf(name);
            if (owner == null) {
                properties.put(property(name), value);
            } else if (owner == kind) {
                special.put(property(name.substring(owner.name().length() + 1)), value);
            }
        });
        properties.putAll(special);
        return properties;
    }

    private static @Nullable Kind ownerOf(String name) {
        for (Kind kind : Kind.values()) {
            if (name.startsWith(kind.name() + "_")) {
                return kind;
            }
        }
        return null;
    }

    private static String property(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
