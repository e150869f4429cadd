package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.schemas.wire.ShippedSchemas.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/// Values as a reader of an older release sees them, written again by its schemas.
///
/// @param newestId the newest id of a schema that the release knows
record OlderSchemas(ShippedSchemas shipped, int newestId) {
    private static final int HEADER_BYTES = 5;

    /// The value by the older schema, without what was added since; null stays null.
    byte @Nullable [] rewrite(byte @Nullable [] value) {
        if (value == null || value.length < HEADER_BYTES || value[0] != 0) {
            return value;
        }
        int id = ByteBuffer.wrap(value).getInt(1);
        Version older = shipped.versions().stream()
                .filter(version -> version.record().equals(nameOf(id)) && version.id() <= newestId)
                .reduce((first, second) -> second)
                .orElse(null);
        if (older == null) {
            return value;
        }
        try {
            GenericRecord read = new GenericDatumReader<GenericRecord>(shipped.schemaOf(id), older.schema())
                    .read(
                            null,
                            DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null));
            if (older.record().equals(DeadLetter.class.getSimpleName()) && read.get("value") != null) {
                ByteBuffer inner = (ByteBuffer) read.get("value");
                byte[] bytes = new byte[inner.remaining()];
                inner.get(bytes);
                read.put("value", ByteBuffer.wrap(rewrite(bytes)));
            }
            return write(older, read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String nameOf(int id) {
        return shipped.versions().stream()
                .filter(version -> version.id() == id)
                .map(Version::record)
                .findFirst()
                .orElse(null);
    }

    private static byte[] write(Version version, GenericRecord value) throws IOException {
        Schema schema = version.schema();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(0, version.id()).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(value, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
