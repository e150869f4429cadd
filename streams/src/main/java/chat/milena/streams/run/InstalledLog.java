package chat.milena.streams.run;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.SchemaIds;

/// The log of an installation, as its applications read and write it.
public record InstalledLog(TopicCatalogue topics, KafkaClients clients, SchemaIds schemas) {}
