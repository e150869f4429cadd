package chat.milena.bench.report;

import chat.milena.bench.client.UsageFailure;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The command-line option for a file that receives the result as indented JSON.
public final class JsonFile {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the result as JSON.")
    private @Nullable Path file;

    /// Writes a record, if the option is given.
    public void write(Object result) {
        if (file == null) {
            return;
        }
        try {
            JSON.writeValue(file.toFile(), result);
        } catch (IOException e) {
            throw new UsageFailure("cannot write " + file + ": " + e.getMessage());
        }
    }
}
