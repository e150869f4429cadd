package chat.milena.syncapi.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long JSON is in UTF-8, counted without writing it. Pure.
public final class JsonBytes {
    /// A control character as an escape, such as `\u0001`.
    private static final int ESCAPE_BYTES = 6;

    private static final int QUOTES = 2;
    private static final int COMMA = 1;

    private JsonBytes() {}

    /// How long a value is as compact text.
    public static long of(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> ofObject(object);
            case JsonNode array
            when array.isArray() -> {
                long bytes = QUOTES;
                for (JsonNode value : array) {
                    bytes += of(value) + COMMA;
                }
                yield bytes;
            }
            case JsonNode text when text.isTextual() -> ofText(text.textValue()) + QUOTES;
            default -> node.asText().length();
        };
    }

    private static long ofObject(ObjectNode object) {
        long bytes = QUOTES;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            bytes += ofText(field.getKey()) + QUOTES + 1 + of(field.getValue()) + COMMA;
        }
        return bytes;
    }

    /// How long a text is between its quotes; 0 for none.
    static long ofText(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += ofChar(text.charAt(i));
        }
        return bytes;
    }

    /// Each half of a surrogate pair is half of four bytes.
    private static int ofChar(char c) {
        if (c < ' ') {
            return ESCAPE_BYTES;
        }
        if (c == '"' || c == '\\') {
            return 2;
        }
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
