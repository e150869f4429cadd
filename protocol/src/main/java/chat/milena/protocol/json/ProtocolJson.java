package chat.milena.protocol.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The one encoder of everything that clients see: records of this module as JSON in UTF-8. Safe for all threads.
///
/// A component that is null is left out, unless its record says otherwise.
public final class ProtocolJson {
    static final JsonFactory FACTORY = JsonFactory.builder()
            // Without this, a character beyond the basic plane, such as an emoji, takes twelve bytes instead of
            // four.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .addModule(new SimpleModule("protocol").addSerializer(new RawSerializer()))
            .build();

    /// A writer for each type of record: looking up its serializer again costs as much as a short frame.
    private static final ClassValue<ObjectWriter> WRITERS = new ClassValue<>() {
        @Override
        protected ObjectWriter computeValue(Class<?> type) {
            return MAPPER.writerFor(type);
        }
    };

    private ProtocolJson() {}

    /// The record as JSON in UTF-8.
    public static byte[] bytes(Record value) {
        try {
            return WRITERS.get(value.getClass()).writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("Every record of the protocol has a JSON form", e);
        }
    }

    private static final class RawSerializer extends StdSerializer<JsonText> {
        private static final long serialVersionUID = 1;

        private RawSerializer() {
            super(JsonText.class);
        }

        @Override
        public void serialize(JsonText value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeRawValue(value.text());
        }
    }
}
