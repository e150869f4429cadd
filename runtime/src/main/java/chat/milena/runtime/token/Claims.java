package chat.milena.runtime.token;

import chat.milena.protocol.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The claims of a token as its JSON holds them: types are checked, and no value is converted. A library that
/// reads a number as a string merges several users into one. JSON null counts as absent. Immutable.
final class Claims {
    /// The end of the year 9999. A later time is most likely in milliseconds.
    private static final BigDecimal SECONDS_MAX = BigDecimal.valueOf(253_402_300_799L);

    private final JsonNode object;

    private Claims(JsonNode object) {
        this.object = object;
    }

    /// The claims in the payload of a token.
    ///
    /// @throws InvalidTokenException if it is not one JSON object in UTF-8 without duplicate names
    static Claims parse(byte[] payload) throws InvalidTokenException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidTokenException("token's claims are not UTF-8");
        }
        Optional<JsonNode> claims = Json.parse(text).filter(JsonNode::isObject);
        return new Claims(
                claims.orElseThrow(() -> new InvalidTokenException("token's claims are not one JSON object")));
    }

    /// A claim that is a string, or null if it is absent.
    @Nullable
    String text(String name) throws InvalidTokenException {
        JsonNode value = value(name);
        return value == null ? null : text(name, value);
    }

    /// Whether a claim is this string. Claims of other types are accepted.
    boolean is(String name, String text) {
        JsonNode value = object.get(name);
        return value != null && value.isTextual() && value.textValue().equals(text);
    }

    /// A claim that is a string or a list of strings; empty if it is absent.
    List<String> texts(String name) throws InvalidTokenException {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            return List.of(text(name, value));
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            texts.add(text(name, element));
        }
        return texts;
    }

    /// A claim that is a time in seconds since 1970, or null if it is absent. Fractions of a second are cut off.
    @Nullable
    Instant time(String name) throws InvalidTokenException {
        Instant exact = exactTime(name);
        return exact == null ? null : exact.truncatedTo(ChronoUnit.SECONDS);
    }

    /// The same, in milliseconds.
    @Nullable
    Instant exactTime(String name) throws InvalidTokenException {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw new InvalidTokenException("token's " + name + " must be a number");
        }
        BigDecimal seconds = value.decimalValue();
        if (seconds.signum() < 0 || seconds.compareTo(SECONDS_MAX) > 0) {
            throw new InvalidTokenException(
                    "token's " + name + " must be in seconds since 1970, before the year 10000");
        }
        return Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
    }

    private @Nullable JsonNode value(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static String text(String name, JsonNode value) throws InvalidTokenException {
        if (!value.isTextual()) {
            throw new InvalidTokenException("token's " + name + " must be a string");
        }
        String text = value.textValue();
        if (Json.hasLoneSurrogate(text)) {
            throw new InvalidTokenException("token's " + name + " holds half of a character");
        }
        return text;
    }
}
