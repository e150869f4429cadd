package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.schema.SchemaSource;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.testsupport.RegistryPeer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a start takes for proof that a log was written with other ids of schemas.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class SchemaIdsCheckIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());

    @Test
    void junkProvesNothingAndValuesWithOtherIdsDo() throws Exception {
        try (RegistryPeer registry = new RegistryPeer()) {
            SchemaSource shipped = SchemaSource.of(Settings.ofEnvironment(Map.of()));
            SchemaSource elsewhere = SchemaSource.of(Settings.ofEnvironment(
                    Map.of("MILENA_SCHEMA_REGISTRY_URL", registry.url().toString())));
            append(new byte[] {1, 2, 3, 4, 5, 6});
            append(new byte[0]);
            assertThatNoException().isThrownBy(() -> check(shipped));
            assertThatNoException().isThrownBy(() -> check(elsewhere));

            append(new byte[] {0, 7, 7, 7, 7, 7});
            assertThatNoException().isThrownBy(() -> check(shipped));
            append(topics.inbound().values().serializer().serialize("", command()));
            assertThatNoException().isThrownBy(() -> check(shipped));
            assertThatThrownBy(() -> check(elsewhere))
                    .isInstanceOf(TopicException.class)
                    .hasMessageContaining("the log was written with other ids of schemas");
        }
    }

    private void check(SchemaSource source) throws Exception {
        source.check(List.of(topics.inbound()), milena.kafka()).start();
    }

    private void append(byte[] value) throws Exception {
        ConversationKey key = new ConversationKey("default", "c");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                milena.kafka().producer(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            topics.inbound().name(), topics.inbound().partitionOf(key), key.toBytes(), value))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static InboundCommand command() {
        InboundCommand command = new InboundCommand();
        command.setTenant("default");
        command.setConversationId("c");
        command.setUserId("alice");
        command.setKind("message.send");
        command.setOrigin(new CommandOrigin("nobody", "conn", 1L));
        command.setAcceptedAt(Instant.EPOCH);
        command.setActorKind("member");
        return command;
    }
}
