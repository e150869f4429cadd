package chat.milena.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.milena.schemas.avro.FanoutAudience;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.avro.Member;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroSerdeTest {
    private static final int COMMANDS = 1_000;
    private static final IndexedMessage VALUE =
            indexed("alice\0\uD83D\uDE00", Instant.ofEpochMilli(1_706_886_400_000L));

    private final ShippedSchemas ids = ShippedSchemas.load();
    private final AvroSerde<IndexedMessage> serde = new AvroSerde<>(IndexedMessage.class, ids);

    private static IndexedMessage indexed(String senderId, Instant at) {
        return new IndexedMessage(
                senderId, 7L, at, 0L, 0L, 0L, 1, "member", null, null, 0L, null, null, null, null, null, null, null,
                List.of(), null, null, 0L, 0L);
    }

    @Test
    void valueComesBackAsItWas() {
        assertThat(read(write(VALUE))).isEqualTo(VALUE);
    }

    @Test
    void valueBeginsWithTheConfluentHeader() {
        int id = ids.idOf(IndexedMessage.SCHEMA$);

        assertThat(write(VALUE)).startsWith(0, 0, 0, 0, id);
    }

    @Test
    void tombstoneStaysNull() {
        assertThat(serde.serializer().serialize("t", null)).isNull();
        assertThat(serde.deserializer().deserialize("t", (byte[]) null)).isNull();
    }

    @Test
    void valueOfAnOlderVersionIsReadWithDefaults() {
        Schema older = new Schema.Parser().parse("""
            {"type":"record","name":"IndexedMessage","namespace":"chat.milena.schemas.avro","fields":[
             {"name":"sequenceNumber","type":"long"},{"name":"senderId","type":"string"},
             {"name":"timestamp","type":{"type":"long","logicalType":"timestamp-millis"}}]}\
            """);
        byte[] bytes = {0, 0, 0, 0, 99, 14, 2, 'a', 0};
        AvroSerde<IndexedMessage> reader = new AvroSerde<>(IndexedMessage.class, with99(older));

        assertThat(reader.deserializer().deserialize("t", bytes)).isEqualTo(indexed("a", Instant.EPOCH));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "00000000", "0100000007", "00000003e8", "0000000007", "0000000007ff", "00000000070c61"})
    void otherBytesFailAsOneKindOfError(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : "0" + hex);

        assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> read(bytes));
    }

    @Test
    void bytesAfterTheValueAreRefused() {
        byte[] bytes = write(VALUE);

        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    /// Lengths come from whoever wrote the record: none may cost memory that its bytes do not pay for.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000020ffeffffff0f61",
                "0000000009feffffff0f",
                "0000000009fcffffffffffffffff01",
                "0000000009ff01"
            })
    void lengthsThatLieFailAsEverythingElse(String hex) {
        AvroSerde<FanoutAudience> audiences = new AvroSerde<>(FanoutAudience.class, ids);

        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() ->
                        audiences.deserializer().deserialize("t", HexFormat.of().parseHex(hex)));
    }

    @Test
    void recordOfAnotherSchemaIsRefused() {
        byte[] member = new AvroSerde<>(Member.class, ids)
                .serializer()
                .serialize("t", new Member("t", "c", "u", "admin", Instant.EPOCH, 1L, null, null, null, false));

        assertThatExceptionOfType(SerializationException.class).isThrownBy(() -> read(member));
    }

    /// What Avro itself makes of a command for readers of the older version is the measure.
    @Test
    void commandIsWrittenForOlderReadersWhereItLosesNothingByThat() throws Exception {
        Schema newest = InboundCommand.SCHEMA$;
        Schema older = ids.versions("InboundCommand").get(18).schema();
        AvroSerde<InboundCommand> commands = new AvroSerde<>(InboundCommand.class, beside(older), true);
        long seed = System.nanoTime();
        int inOlder = 0;
        for (Object random : new RandomData(newest, COMMANDS, seed)) {
            byte[] whole = bytes(newest, random);
            InboundCommand command = commands.deserializer().deserialize("t", whole);
            byte[] cut = bytes(older, asReadWith(older, newest, whole));
            boolean losesNothing = commands.deserializer().deserialize("t", cut).equals(command);
            inOlder += losesNothing ? 1 : 0;

            assertThat(commands.serializer().serialize("t", command))
                    .as("seed %d", seed)
                    .isEqualTo(losesNothing ? cut : whole);
        }
        assertThat(inOlder).as("seed %d", seed).isBetween(1, COMMANDS - 1);
    }

    private byte[] bytes(Schema schema, Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                ByteBuffer.allocate(5).put((byte) 0).putInt(ids.idOf(schema)).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(value, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static Object asReadWith(Schema reader, Schema writer, byte[] bytes) throws IOException {
        return new GenericDatumReader<>(writer, reader)
                .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    }

    private byte[] write(IndexedMessage value) {
        return serde.serializer().serialize("t", value);
    }

    private IndexedMessage read(byte[] bytes) {
        return serde.deserializer().deserialize("t", bytes);
    }

    private SchemaIds beside(Schema older) {
        return new SchemaIds() {
            @Override
            public int idOf(Schema writer) {
                return ids.idOf(writer);
            }

            @Override
            public Schema schemaOf(int id) {
                return ids.schemaOf(id);
            }

            @Override
            public Schema olderOf(Schema writer) {
                return older;
            }
        };
    }

    private SchemaIds with99(Schema schema) {
        return new SchemaIds() {
            @Override
            public int idOf(Schema writer) {
                return ids.idOf(writer);
            }

            @Override
            public Schema schemaOf(int id) {
                return id == 99 ? schema : ids.schemaOf(id);
            }
        };
    }
}
