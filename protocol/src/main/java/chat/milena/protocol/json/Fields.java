package chat.milena.protocol.json;

import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The fields of one JSON object, read one by one. The first problem counts: it is kept, and every further read
/// returns a harmless stand-in, so that a reader is straight code with one check at its end. For one thread.
///
/// JSON null counts as absent. A problem names the field by its path from the top.
public final class Fields {
    private static final String ALPHABET = "must be 1 to 64 of A-Z a-z 0-9 _ . -";
    private static final String MESSAGE_ALPHABET = "must be 1 to 64 of A-Z a-z 0-9 _ . : -";

    private final JsonNode object;
    private final String path;
    private final Problem problem;

    private Fields(JsonNode object, String path, Problem problem) {
        this.object = object;
        this.path = path;
        this.problem = problem;
    }

    /// The fields of a whole body or frame.
    ///
    /// @param usual the default code of a problem
    public static Fields of(JsonNode object, ErrorCode usual) {
        return new Fields(object, "", new Problem(usual));
    }

    /// The fields of a nested object at this path.
    public static Fields of(JsonNode object, String path, ErrorCode usual) {
        return new Fields(object, path, new Problem(usual));
    }

    /// The first problem, if there is one.
    public @Nullable Rejection rejection() {
        return problem.first;
    }

    /// Why a request is rejected.
    public record Rejection(ErrorCode code, String reason) {}

    /// A required text.
    public String text(String name) {
        JsonNode value = required(name);
        if (value == null) {
            return "";
        }
        if (!value.isTextual()) {
            refuse(name, "must be a string");
            return "";
        }
        return value.textValue();
    }

    /// A text, or null if it is absent.
    public @Nullable String optionalText(String name) {
        return has(name) ? text(name) : null;
    }

    /// The field, if it is a text; else null.
    public @Nullable String textIfAny(String name) {
        JsonNode value = object.get(name);
        return value == null ? null : value.textValue();
    }

    /// The id of a user or a conversation.
    public String id(String name) {
        return checked(name, text(name), Ids::isValid, ALPHABET);
    }

    /// The id of a message.
    public String messageId(String name) {
        return checked(name, text(name), Ids::isValidMessageId, MESSAGE_ALPHABET);
    }

    /// A whole number, or null if it is absent. Its spelling does not matter: 10, 10.0 and 1e1 are one number.
    public @Nullable Long optionalInteger(String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        Long whole = value.isNumber() ? whole(value.decimalValue()) : null;
        if (whole == null) {
            refuse(name, "must be a whole number");
        }
        return whole;
    }

    private static @Nullable Long whole(BigDecimal number) {
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            return null;
        }
    }

    /// A boolean, or a default if it is absent.
    public boolean flag(String name, boolean otherwise) {
        Boolean value = optionalFlag(name);
        return value == null ? otherwise : value;
    }

    /// A boolean, or null if it is absent.
    public @Nullable Boolean optionalFlag(String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            refuse(name, "must be true or false");
            return null;
        }
        return value.booleanValue();
    }

    /// A number between two bounds, both included.
    public void number(String name, double min, double max) {
        JsonNode value = required(name);
        if (value == null) {
            return;
        }
        if (!value.isNumber() || !(value.doubleValue() >= min && value.doubleValue() <= max)) {
            refuse(name, "must be a number from " + (int) min + " to " + (int) max);
        }
    }

    /// A required array; empty if the field is none.
    public JsonNode array(String name) {
        JsonNode value = required(name);
        if (value == null) {
            return JsonNodeFactory.instance.arrayNode();
        }
        if (!value.isArray()) {
            refuse(name, "must be an array");
            return JsonNodeFactory.instance.arrayNode();
        }
        return value;
    }

    /// The fields of a required object.
    public Fields object(String name) {
        JsonNode value = required(name);
        if (value != null && !value.isObject()) {
            refuse(name, "must be an object");
        }
        JsonNode inner = value == null ? JsonNodeFactory.instance.objectNode() : value;
        return new Fields(inner, path + name + ".", problem);
    }

    /// The JSON value of an object, or null if it is absent.
    public @Nullable JsonNode optionalObject(String name) {
        return has(name) ? object(name).object : null;
    }

    /// Whether the field is present and not null.
    public boolean has(String name) {
        return object.hasNonNull(name);
    }

    /// Whether the field is present and null: where that is not the same as an absent field.
    public boolean isNull(String name) {
        JsonNode value = object.get(name);
        return value != null && value.isNull();
    }

    /// Notes a problem of a field, with the default code.
    public void refuse(String name, String reason) {
        refuse(problem.usual, name, reason);
    }

    /// Notes a problem of a field.
    public void refuse(ErrorCode code, String name, String reason) {
        if (problem.first == null) {
            problem.first = new Rejection(code, path + name + ": " + reason);
        }
    }

    private @Nullable JsonNode required(String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            refuse(name, "is required");
            return null;
        }
        return value;
    }

    private String checked(String name, String text, Predicate<String> valid, String reason) {
        if (!valid.test(text)) {
            refuse(name, reason);
        }
        return text;
    }

    private static final class Problem {
        private final ErrorCode usual;
        private @Nullable Rejection first;

        private Problem(ErrorCode usual) {
            this.usual = usual;
        }
    }
}
