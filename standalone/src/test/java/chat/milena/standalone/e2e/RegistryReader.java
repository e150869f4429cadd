package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;

/// Reads values as any other program does: with nothing but a registry, by the ids in them. Used by one thread.
final class RegistryReader implements AutoCloseable {
    private final URI registry;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, Schema> schemas = new HashMap<>();

    RegistryReader(URI registry) {
        this.registry = registry;
    }

    /// What the registry answers.
    JsonNode answer(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(registry + path)).build();
        return Rest.parse(http.send(request, BodyHandlers.ofString()).body());
    }

    GenericRecord read(byte[] value) throws IOException, InterruptedException {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        assertThat(bytes.get()).isZero();
        int id = bytes.getInt();
        if (!schemas.containsKey(id)) {
            String text = answer("/schemas/ids/" + id).path("schema").asText();
            schemas.put(id, new Schema.Parser().parse(text));
        }
        return new GenericDatumReader<GenericRecord>(schemas.get(id))
                .read(null, DecoderFactory.get().binaryDecoder(value, bytes.position(), bytes.remaining(), null));
    }

    @Override
    public void close() {
        http.close();
    }
}
