package chat.milena.standalone.service;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicSizing;
import chat.milena.runtime.schema.SchemaSource;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.Tokens;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.streams.run.InstalledLog;
import chat.milena.syncapi.SyncApiConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What all processes of an installation share, as the settings of each of them give it.
///
/// @param operatorSecret the source of further secrets; null if it is not set
public record Installation(
        Sizing sizing,
        TopicCatalogue topics,
        SchemaSource schemas,
        KafkaClients clients,
        Tokens tokens,
        @Nullable TokenSecret operatorSecret) {

    /// Reads the settings, and notes errors there.
    ///
    /// @param data the folder of an `up` with secrets and a broker; null without one
    static Installation of(Settings environment, @Nullable Path data, Clock clock) throws DataFolderException {
        DataFolder folder = data == null ? null : DataFolder.existing(data);
        TokenSecret operator = operatorSecret(environment);
        if (folder != null && operator == null) {
            operator = folder.operatorSecret();
        }
        Sizing sizing = TopicSizing.ofCluster(environment);
        SchemaSource schemas = SchemaSource.of(environment);
        return new Installation(
                sizing,
                new TopicCatalogue(sizing, schemas.ids()),
                schemas,
                folder == null
                        ? KafkaClients.of(environment)
                        : KafkaClients.ofCluster(
                                environment, new BrokerLogin(folder.kafkaPassword()).clientProperties()),
                Tokens.of(
                        environment,
                        folder == null ? List.of() : List.of(folder.tokenSecret()),
                        operator == null ? List.of() : List.of(operator),
                        clock),
                operator);
    }

    /// The log, for an application of Kafka Streams.
    InstalledLog log() {
        return new InstalledLog(topics, clients, schemas.ids());
    }

    /// The secret by which the processes authenticate to each other; null if it cannot be derived.
    @Nullable
    Secret internalSecret() {
        return operatorSecret == null ? null : operatorSecret.derived(SyncApiConfig.SECRET_PURPOSE);
    }

    /// The secret of the settings; null if it is not set.
    public static @Nullable TokenSecret operatorSecret(Settings environment) {
        return environment
                .readSecret(
                        "MILENA_OPERATOR_SECRET",
                        Optional.<TokenSecret>empty(),
                        text -> Optional.of(TokenSecret.parse(text)))
                .orElse(null);
    }
}
