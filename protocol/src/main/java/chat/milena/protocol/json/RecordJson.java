package chat.milena.protocol.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Records as JSON between processes of one installation. Safe for all threads.
///
/// A client's metadata is carried as a string, so an answer is the same text whether it was forwarded or not. A
/// field of a later version is ignored: this process would not show it.
public final class RecordJson {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .addModule(new SimpleModule("records")
                    .addSerializer(JsonText.class, new TextSerializer())
                    .addDeserializer(JsonText.class, new TextDeserializer()))
            .build();
    private static final JsonMapper LENIENT = STRICT.rebuild()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RecordJson() {}

    /// The mapper that rejects unknown fields.
    public static JsonMapper strict() {
        return STRICT;
    }

    /// The mapper that ignores unknown fields.
    public static JsonMapper lenient() {
        return LENIENT;
    }

    /// The record as JSON in UTF-8.
    public static byte[] bytes(Record value) {
        try {
            return LENIENT.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("Every record has a JSON form", e);
        }
    }

    /// Reads the output of [#bytes].
    ///
    /// @throws IOException if it is something else
    public static <T extends Record> T read(byte[] json, Class<T> type) throws IOException {
        T value = LENIENT.readValue(json, type);
        if (value == null) {
            throw new IOException("null is no " + type.getSimpleName());
        }
        return value;
    }

    private static final class TextSerializer extends JsonSerializer<JsonText> {
        @Override
        public void serialize(JsonText value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.text());
        }
    }

    private static final class TextDeserializer extends JsonDeserializer<JsonText> {
        @Override
        public JsonText deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return new JsonText(json.getText());
        }
    }
}
