package chat.milena.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// A JSON object of a client, as the stored text. It is passed on unchanged, so its numbers stay exact.
public record JsonText(String text) {

    /// The object in a stored text; null if the text holds none.
    ///
    /// The text was checked before it was stored, and is checked again, since one bad text would spoil the whole
    /// answer. Line breaks are rejected: they would end a line of a stream of events.
    public static @Nullable JsonText ofObject(@Nullable String text) {
        return text != null && text.indexOf('\n') < 0 && text.indexOf('\r') < 0 && isObject(text)
                ? new JsonText(text)
                : null;
    }

    private static boolean isObject(String text) {
        try (JsonParser json = ProtocolJson.FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory cannot fail", e);
        }
    }
}
