package chat.milena.runtime.schema;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.OperatorListener.Calls;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.schemas.wire.ShippedSchemas;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the ids of schemas come from: the release, or the registry at `MILENA_SCHEMA_REGISTRY_URL`.
public final class SchemaSource {
    private static final Duration CALL_WITHIN = Duration.ofSeconds(5);
    private static final Duration START_WITHIN = Duration.ofSeconds(30);

    private final ShippedSchemas shipped = ShippedSchemas.load();
    private final @Nullable RegisteredSchemas registered;

    private SchemaSource(@Nullable URI url, @Nullable Secret login) {
        this.registered = url == null
                ? null
                : new RegisteredSchemas(shipped, new RegistryClient(url, login, CALL_WITHIN), START_WITHIN);
    }

    /// As the settings say. Errors are noted there.
    public static SchemaSource of(Settings settings) {
        return new SchemaSource(url(settings), login(settings));
    }

    /// Reads the settings. Errors are noted there.
    public static void readSettings(Settings settings) {
        url(settings);
        login(settings);
    }

    private static @Nullable URI url(Settings settings) {
        return settings.read("MILENA_SCHEMA_REGISTRY_URL", Optional.<URI>empty(), text -> Optional.of(url(text)))
                .orElse(null);
    }

    private static @Nullable Secret login(Settings settings) {
        return settings.optionalSecret("MILENA_SCHEMA_REGISTRY_LOGIN");
    }

    private static URI url(String text) {
        URI url = URI.create(text.replaceFirst("/+$", ""));
        if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
            throw new IllegalArgumentException("must be an http or https URL");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException("must not hold a password: MILENA_SCHEMA_REGISTRY_LOGIN takes it");
        }
        return url;
    }

    /// The ids. Those of a registry are there once its component has started.
    public SchemaIds ids() {
        return registered == null ? shipped : registered;
    }

    /// Finds the ids here, for a command that ends soon. It registers nothing.
    ///
    /// @throws IOException if the registry rejects a question, or does not answer
    public void find() throws IOException, InterruptedException {
        if (registered != null) {
            registered.find();
        }
    }

    /// Registers the schemas, for the command that makes their topics. Processes that start at the same time find them
    /// then.
    ///
    /// @throws IOException if the registry rejects a schema, or does not answer in time
    public void register() throws IOException, InterruptedException {
        if (registered != null) {
            registered.start();
        }
    }

    /// What must start before the first use of a topic.
    public List<Component> components() {
        return registered == null ? List.of() : List.of(registered);
    }

    /// What must start once the topics exist: it checks that the log was written with these ids.
    ///
    /// @param topics which the process may read
    public Component check(List<TopicSpec<?, ?>> topics, KafkaClients clients) {
        return new SchemaIdsCheck(topics, ids(), clients);
    }

    /// The calls of a registry that this process answers; none where there is another one.
    public Calls calls(TopicCatalogue topics) {
        return registered == null ? new RegistryAnswers(topics, shipped) : Calls.NONE;
    }
}
