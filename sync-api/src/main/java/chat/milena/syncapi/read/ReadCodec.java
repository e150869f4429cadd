package chat.milena.syncapi.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads and their answers as JSON, on their way between instances. Safe for all threads.
///
/// Numbers in a client's metadata are kept exactly, so an answer is the same text whether it was forwarded or not.
public final class ReadCodec {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final TypeReference<List<Read>> READS = new TypeReference<>() {};
    private static final TypeReference<List<ReadAnswer>> ANSWERS = new TypeReference<>() {};

    private ReadCodec() {}

    /// Reads as JSON in UTF-8.
    public static byte[] writeReads(List<Read> reads) {
        try {
            return MAPPER.writerFor(READS).writeValueAsBytes(reads);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("Every read has a JSON form", e);
        }
    }

    /// What [#writeReads(List)] wrote.
    ///
    /// @throws IOException if it is something else, as that of another version may be
    public static List<Read> readReads(byte[] json) throws IOException {
        return MAPPER.readValue(json, READS);
    }

    /// Answers as JSON in UTF-8.
    public static byte[] writeAnswers(List<ReadAnswer> answers) {
        try {
            return MAPPER.writerFor(ANSWERS).writeValueAsBytes(answers);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("Every answer has a JSON form", e);
        }
    }

    /// What [#writeAnswers(List)] wrote.
    ///
    /// @throws IOException if it is something else, as that of another version may be
    public static List<ReadAnswer> readAnswers(byte[] json) throws IOException {
        return MAPPER.readValue(json, ANSWERS);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /// The object in a text that was checked when it was stored; null if it holds none after all.
    static @Nullable JsonNode storedObject(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node.isObject() ? node : null;
        } catch (JsonProcessingException | NumberFormatException e) {
            return null;
        }
    }
}
