package chat.milena.schemas.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Writes and reads one kind of Avro record in the Confluent wire format: a zero byte, the schema's id in four
/// big-endian bytes, the Avro binary. A null value, a tombstone, stays null.
///
/// Reads values of every version. Safe for all threads. Other bytes fail with a [SerializationException], for any
/// fault.
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {
    private static final byte MAGIC = 0;
    private static final int UNKNOWN = -1;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;
    private static final int TYPICAL_BYTES = 256;
    /// Collects a value before it goes to the stream, which locks for each piece.
    private static final EncoderFactory ENCODERS = new EncoderFactory().configureBufferSize(2 * TYPICAL_BYTES);

    private final RecordModel model = new RecordModel();
    private final Schema schema;
    private final SchemaIds ids;
    private final SpecificDatumWriter<T> writer;
    private final @Nullable OlderVersion older;
    private final Map<Integer, SpecificDatumReader<T>> readers = new ConcurrentHashMap<>();
    /// Found at the first write, when a registry was asked; any thread finds the same.
    private volatile int writerId = UNKNOWN;
    private volatile int olderId = UNKNOWN;

    /// A serde that writes with the schema in the code, under its id.
    public AvroSerde(Class<T> record, SchemaIds ids) {
        this(record, ids, false);
    }

    /// @param forOlder whether values that use nothing new are written with the schema of the versions that may run
    ///     beside this one, so that these can read them
    public AvroSerde(Class<T> record, SchemaIds ids, boolean forOlder) {
        this.schema = model.getSchema(record);
        this.ids = ids;
        this.writer = new SpecificDatumWriter<>(schema, model);
        Schema before = forOlder ? ids.olderOf(schema) : null;
        this.older = before == null ? null : new OlderVersion(schema, before);
    }

    /// The schema that it writes with.
    public Schema schema() {
        return schema;
    }

    @Override
    public Serializer<T> serializer() {
        return (topic, value) -> value == null ? null : write(value);
    }

    @Override
    public Deserializer<T> deserializer() {
        return (topic, bytes) -> bytes == null ? null : read(bytes);
    }

    private int writerId() {
        int known = writerId;
        if (known == UNKNOWN) {
            known = ids.idOf(schema);
            writerId = known;
        }
        return known;
    }

    private int olderId(OlderVersion version) {
        int known = olderId;
        if (known == UNKNOWN) {
            known = ids.idOf(version.schema());
            olderId = known;
        }
        return known;
    }

    private byte[] write(T value) {
        OlderVersion before = older != null && older.holds(value) ? older : null;
        int id = before == null ? writerId() : olderId(before);
        ByteArrayOutputStream out = new ByteArrayOutputStream(TYPICAL_BYTES);
        out.write(MAGIC);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
        BinaryEncoder encoder = ENCODERS.binaryEncoder(out, null);
        try {
            if (before == null) {
                writer.write(value, encoder);
            } else {
                before.write(value, encoder);
            }
            encoder.flush();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("Cannot write " + schema.getFullName(), e);
        }
        return out.toByteArray();
    }

    private T read(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
            throw new SerializationException("Not in the Confluent wire format: " + bytes.length + " bytes");
        }
        int id = ByteBuffer.wrap(bytes).getInt(1);
        SpecificDatumReader<T> reader = readers.get(id);
        if (reader == null) {
            // Not within the map's own call, which other threads would wait for: a registry may be asked.
            Schema found = ids.schemaOf(id);
            reader = readers.computeIfAbsent(id, writer -> new SpecificDatumReader<>(found, schema, model));
        }
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
        T value;
        boolean whole;
        try {
            value = reader.read(null, decoder);
            whole = decoder.isEnd();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("Cannot read " + schema.getFullName() + " with schema id " + id, e);
        }
        if (!whole) {
            throw new SerializationException("Bytes are left after " + schema.getFullName() + " with schema id " + id);
        }
        return value;
    }
}
