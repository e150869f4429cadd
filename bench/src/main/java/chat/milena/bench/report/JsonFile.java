package chat.milena.bench.report;

import chat.milena.bench.client.UsageFailure;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;

/// Writes a result record to a file as indented JSON.
public final class JsonFile {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonFile() {}

    public static void write(Path file, Object result) {
        try {
            JSON.writeValue(file.toFile(), result);
        } catch (IOException e) {
            throw new UsageFailure("cannot write " + file + ": " + e.getMessage());
        }
    }
}
