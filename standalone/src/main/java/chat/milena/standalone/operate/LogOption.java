package chat.milena.standalone.operate;

import chat.milena.gateway.device.PushSetup;
import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicSizing;
import chat.milena.runtime.schema.SchemaSource;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.standalone.up.DataOption;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Where the log of a running system is: `--bootstrap`, or `--data` for the password of the broker of an `up`.
public final class LogOption {
    private static final String BOOTSTRAP = "MILENA_KAFKA_BOOTSTRAP_SERVERS";

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "The brokers, comma separated (default: MILENA_KAFKA_BOOTSTRAP_SERVERS, else the broker of"
                    + " an `up` at 127.0.0.1:9092).")
    private @Nullable String bootstrap;

    /// The log, and how to reach it.
    record Log(TopicCatalogue topics, KafkaClients clients) {}

    /// Something that a command asks the brokers.
    @FunctionalInterface
    interface Question<T extends @Nullable Object> {
        T ask() throws InterruptedException;
    }

    /// Reads where it is.
    ///
    /// @throws IOException if the registry of schemas does not answer
    Log log(CommandContext context)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        Map<String, String> variables = new HashMap<>(context.environment());
        if (bootstrap != null) {
            variables.put(BOOTSTRAP, bootstrap);
        }
        Settings environment = Settings.ofEnvironment(variables);
        boolean isCluster = isCluster(context);
        Map<String, String> login = isCluster
                ? Map.of()
                : new BrokerLogin(DataFolder.existing(data.folder(environment)).kafkaPassword()).clientProperties();
        KafkaClients clients = KafkaClients.ofCluster(environment, login);
        SchemaSource schemas = SchemaSource.of(environment);
        TopicCatalogue topics = new TopicCatalogue(
                isCluster ? TopicSizing.ofCluster(environment) : TopicSizing.ofOneMachine(environment), schemas.ids());
        environment.check();
        schemas.find();
        return new Log(topics, clients);
    }

    private boolean isCluster(CommandContext context) {
        return (bootstrap != null || context.namesBrokers()) && !data.isGiven();
    }

    /// The keys of push of an `up`; none of a cluster, whose settings name them.
    PushSetup.UsualKeys usualKeys(CommandContext context) throws DataFolderException {
        return isCluster(context)
                ? PushSetup.UsualKeys.NONE
                : DataFolder.existing(data.folder(context.settings())).usualKeys();
    }

    /// The answer of the brokers.
    ///
    /// @throws IOException if they do not answer
    static <T extends @Nullable Object> T asked(Question<T> question) throws IOException, InterruptedException {
        try {
            return question.ask();
        } catch (KafkaException e) {
            throw new IOException("the brokers do not answer: " + e.getMessage(), e);
        }
    }

    /// The data folder, for its secrets.
    DataOption data() {
        return data;
    }
}
