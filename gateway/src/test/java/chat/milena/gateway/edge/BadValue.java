package chat.milena.gateway.edge;

import java.util.Locale;

/// What a client may write where something else belongs, as raw JSON.
enum BadValue {
    MISSING(""),
    NULL("null"),
    BOOLEAN("true"),
    NUMBER("7"),
    FRACTION("1.5"),
    NEGATIVE("-1"),
    HUGE_NUMBER("99999999999999999999"),
    HUGE_EXPONENT("1e9999"),
    IMPOSSIBLE_EXPONENT("1e40099999999999"),
    NUMBER_OF_A_THOUSAND_DIGITS("9".repeat(1_000)),
    EMPTY_STRING("\"\""),
    STRING("\"not what belongs here\""),
    LONG_STRING("\"" + "x".repeat(5_000) + "\""),
    ODD_CHARACTERS("\"a\\u0000\\u202e/\uD83D\uDE00\\n\""),
    PATH("\"../../etc/passwd\""),
    LONE_SURROGATE("\"a\\ud800\""),
    EMPTY_ARRAY("[]"),
    ARRAY_OF_NUMBERS("[1,2]"),
    ARRAY_OF_NULLS("[null]"),
    ARRAY_OF_STRINGS("[\"not what belongs here\"]"),
    EMPTY_OBJECT("{}"),
    STRANGE_OBJECT("{\"toString\":{\"type\":[]}}"),
    LARGE_OBJECT("{\"k\":\"" + "x".repeat(5_000) + "\"}"),
    DEEP_NESTING("[".repeat(1_000) + "]".repeat(1_000)),
    /// The right value twice, under the same name.
    DUPLICATE_KEY("");

    private final String json;

    BadValue(String json) {
        this.json = json;
    }

    /// Whether the whole text is no JSON that is read, whatever the field.
    boolean spoilsTheText() {
        return switch (this) {
            case IMPOSSIBLE_EXPONENT, NUMBER_OF_A_THOUSAND_DIGITS, DEEP_NESTING, DUPLICATE_KEY -> true;
            default -> false;
        };
    }

    boolean isAbsent() {
        return this == MISSING || this == NULL;
    }

    boolean isString() {
        return json.startsWith("\"");
    }

    boolean isObject() {
        return json.startsWith("{");
    }

    /// A text in which the field, whose right value stands for it as `@name@`, has this value instead.
    ///
    /// @param template JSON in which the field is written `"name":@right@`, with no other marks
    String in(String template, String name) {
        String field = "\"" + name + "\":@";
        int start = template.indexOf(field);
        int end = template.indexOf('@', start + field.length());
        if (start < 0 || end < 0) {
            throw new IllegalArgumentException(name + " is not marked in " + template);
        }
        String right = template.substring(start + field.length(), end);
        String written = switch (this) {
            case MISSING -> "\"unknown\":0";
            case DUPLICATE_KEY -> "\"" + name + "\":" + right + ",\"" + name + "\":" + right;
            default -> "\"" + name + "\":" + json;
        };
        return template.substring(0, start) + written + template.substring(end + 1);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
