package chat.milena.bench.replay;

import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.frame.ServerFrame;
import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Writes one JSON line for each acked message, for a comparison with the log. Thread-safe.
final class AckLog implements AutoCloseable {
    private final JsonGenerator json;

    private AckLog(Path file) {
        try {
            json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8);
            json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
        } catch (IOException e) {
            throw new UsageFailure("cannot write " + file + ": " + e.getMessage());
        }
    }

    /// Null without a file.
    static @Nullable AckLog of(@Nullable Path file) {
        return file == null ? null : new AckLog(file);
    }

    synchronized void acked(ServerFrame.MessageAck ack) {
        try {
            json.writeStartObject();
            json.writeStringField("conversationId", ack.conversationId());
            json.writeStringField("messageId", ack.messageId());
            json.writeNumberField("sequenceNumber", ack.sequenceNumber());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            json.writeRaw('\n');
            json.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
