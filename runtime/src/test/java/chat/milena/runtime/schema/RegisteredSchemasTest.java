package chat.milena.runtime.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.schema.RegistryClient.RefusedException;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.schemas.wire.ShippedSchemas.Version;
import chat.milena.testsupport.RegistryPeer;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisteredSchemasTest {
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private final ShippedSchemas shipped = ShippedSchemas.load();
    private RegistryPeer peer;

    @BeforeEach
    void registryRuns() throws IOException {
        peer = new RegistryPeer();
    }

    @AfterEach
    void registryStops() {
        peer.close();
    }

    @Test
    void allShippedVersionsGetTheIdsOfTheRegistry() throws Exception {
        RegisteredSchemas schemas = started();

        for (Version version : shipped.versions()) {
            int id = schemas.idOf(version.schema());
            assertThat(id).isGreaterThan(4_000);
            assertThat(schemas.schemaOf(id)).isEqualTo(version.schema());
        }
        for (TopicSpec<?, ?> topic : new TopicCatalogue(Sizing.EMBEDDED, shipped).all()) {
            assertThat(peer.versions(topic.subject()))
                    .isEqualTo(shipped.versions(topic.values().schema().getName()).stream()
                            .map(Version::schema)
                            .toList());
            assertThat(peer.compatibility(topic.subject())).isEqualTo("BACKWARD_TRANSITIVE");
        }
        assertThat(peer.versions("chat.milena.schemas.avro.SequenceState")).isNotEmpty();
    }

    @Test
    void valuesCarryTheIdsOfTheRegistryAndAreReadBack() throws Exception {
        RegisteredSchemas schemas = started();
        TopicSpec<?, Block> topic = new TopicCatalogue(Sizing.EMBEDDED, schemas).blocks();
        Block block = new Block("t", "bob", "mallory", Instant.EPOCH);

        byte[] value = topic.values().serializer().serialize(topic.name(), block);

        assertThat(ByteBuffer.wrap(value).getInt(1)).isEqualTo(schemas.idOf(Block.SCHEMA$));
        assertThat(topic.values().deserializer().deserialize(topic.name(), value))
                .isEqualTo(block);
    }

    @Test
    void commandsAreWrittenForTheVersionBeforeWithItsIdOfTheRegistry() throws Exception {
        RegisteredSchemas schemas = started();
        TopicSpec<?, InboundCommand> topic = new TopicCatalogue(Sizing.EMBEDDED, schemas).inbound();
        Schema older = Objects.requireNonNull(shipped.olderOf(InboundCommand.SCHEMA$));
        InboundCommand command = new InboundCommand();
        command.setTenant("t");
        command.setConversationId("c");
        command.setUserId("alice");
        command.setKind("message.send");
        command.setActorKind("member");
        command.setOrigin(new CommandOrigin("gateway", "connection", 1L));
        command.setAcceptedAt(Instant.EPOCH);

        byte[] value = topic.values().serializer().serialize(topic.name(), command);

        assertThat(ByteBuffer.wrap(value).getInt(1)).isEqualTo(schemas.idOf(older));
    }

    @Test
    void laterStartRegistersNothing() throws Exception {
        RegisteredSchemas first = started();
        int registered = peer.registered();

        RegisteredSchemas second = started();

        assertThat(peer.registered()).isEqualTo(registered);
        assertThat(second.idOf(Block.SCHEMA$)).isEqualTo(first.idOf(Block.SCHEMA$));
    }

    @Test
    void schemaOfALaterReleaseIsAskedForWhenItsFirstValueComes() throws Exception {
        RegisteredSchemas schemas = started();
        Schema later =
                SchemaBuilder.record("Later").fields().requiredString("x").endRecord();
        int id = peer.register("chat.blocks.v1-value", later);

        assertThat(schemas.schemaOf(id)).isEqualTo(later);
        assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> schemas.schemaOf(id + 1));
    }

    /// A value that cannot be read now must not become a dead letter.
    @Test
    void registryThatIsAwayMakesNoValueJunk() throws Exception {
        RegisteredSchemas schemas = started();
        peer.close();

        assertThat(schemas.schemaOf(schemas.idOf(Block.SCHEMA$)).getName()).isEqualTo("Block");
        assertThatThrownBy(() -> schemas.schemaOf(9_999))
                .isInstanceOf(KafkaException.class)
                .isNotInstanceOf(SerializationException.class)
                .hasMessageContaining(peer.url() + " does not answer");
    }

    /// Neither must one that cannot be read for want of a right.
    @Test
    void registryThatRejectsUsMakesNoValueJunk() throws Exception {
        RegisteredSchemas schemas = started();
        peer.require("Basic of somebody else");

        assertThatThrownBy(() -> schemas.schemaOf(9_999))
                .isInstanceOf(KafkaException.class)
                .isNotInstanceOf(SerializationException.class)
                .hasMessageContaining("status 401");
    }

    /// Neither must one whose question went to something else than the registry.
    @Test
    void answerOfAnotherServerMakesNoValueJunk() {
        RegisteredSchemas schemas = schemas(peer.url().resolve("/"), null, Duration.ofMillis(600));

        assertThatThrownBy(() -> schemas.schemaOf(9_999))
                .isInstanceOf(KafkaException.class)
                .isNotInstanceOf(SerializationException.class)
                .hasMessageContaining("MILENA_SCHEMA_REGISTRY_URL may lack a path");
        assertThatThrownBy(schemas::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("returned status 404 without its error code");
        assertThatThrownBy(schemas::find).isInstanceOf(IOException.class);
    }

    @Test
    void unknownIdIsAskedForOnce() throws Exception {
        RegisteredSchemas schemas = started();
        int before = peer.calls();

        for (int i = 0; i < 100; i++) {
            assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> schemas.schemaOf(9_999));
        }
        assertThat(peer.calls()).isEqualTo(before + 1);
    }

    @Test
    void commandOfAnOperatorRegistersNothing() throws Exception {
        RegisteredSchemas early = schemas(null, WITHIN);
        early.find();
        assertThat(peer.registered()).isZero();
        assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> early.idOf(Block.SCHEMA$));

        int id = started().idOf(Block.SCHEMA$);
        RegisteredSchemas late = schemas(null, WITHIN);
        late.find();
        assertThat(late.idOf(Block.SCHEMA$)).isEqualTo(id);
    }

    @Test
    void startWaitsForARegistryThatIsStarting() throws Exception {
        peer.failNext(3);

        assertThat(started().idOf(Block.SCHEMA$)).isPositive();
    }

    @Test
    void processesMayRegisterTheSameSchemasAtTheSameTime() throws Exception {
        peer.conflictNext();

        assertThat(started().idOf(Block.SCHEMA$)).isPositive();
    }

    @Test
    void startEndsWithAReasonIfTheRegistryStaysAway() {
        peer.failNext(Integer.MAX_VALUE);
        RegisteredSchemas schemas = schemas(null, Duration.ofMillis(600));

        assertThatThrownBy(schemas::start)
                .isInstanceOf(IOException.class)
                .hasMessage("the schema registry at " + peer.url() + " returned status 503");
        assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> schemas.idOf(Block.SCHEMA$));
    }

    @Test
    void subjectOfSomebodyElseEndsTheStart() {
        peer.register(
                "chat.blocks.v1-value",
                SchemaBuilder.record("Other").fields().requiredString("x").endRecord());

        assertThatThrownBy(this::started)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("a schema of chat.blocks.v1-value cannot be registered", "status 409");
    }

    @Test
    void registryMayAskForALogin() throws Exception {
        peer.require("Basic bWlsZW5hOnNlY3JldA==");

        RegisteredSchemas schemas = schemas(new Secret("milena:secret"), WITHIN);
        schemas.start();
        assertThat(schemas.idOf(Block.SCHEMA$)).isPositive();
        assertThatThrownBy(this::started).isInstanceOf(RefusedException.class).hasMessageContaining("status 401");
    }

    @ParameterizedTest
    @CsvSource({
        "registry, must be an http or https URL",
        "ftp://registry, must be an http or https URL",
        "http://me:word@registry, must not hold a password"
    })
    void wrongUrlIsRejectedWithoutItsPassword(String url, String reason) {
        Settings settings = Settings.ofEnvironment(Map.of("MILENA_SCHEMA_REGISTRY_URL", url));
        SchemaSource.readSettings(settings);

        assertThatThrownBy(settings::check)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("MILENA_SCHEMA_REGISTRY_URL " + reason)
                .hasMessageNotContaining("word@");
    }

    private RegisteredSchemas started() throws IOException, InterruptedException {
        RegisteredSchemas schemas = schemas(null, WITHIN);
        schemas.start();
        return schemas;
    }

    private RegisteredSchemas schemas(@Nullable Secret login, Duration within) {
        return schemas(peer.url(), login, within);
    }

    private RegisteredSchemas schemas(URI url, @Nullable Secret login, Duration within) {
        return new RegisteredSchemas(shipped, new RegistryClient(url, login, Duration.ofSeconds(2)), within);
    }
}
