package chat.milena.gateway.edge;

import static chat.milena.schemas.word.ErrorCode.INVALID_REQUEST;
import static chat.milena.schemas.word.ErrorCode.TOO_LARGE;
import static chat.milena.schemas.word.ErrorCode.UNAUTHORIZED;

import chat.milena.schemas.word.ErrorCode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What belongs into a field, and so which bad values are none there.
enum FieldKind {
    /// An id or a word: nothing else will do.
    WORD(true),
    /// One that may be left out.
    OPTIONAL_WORD(false),
    /// What somebody wrote.
    TEXT(false, BadValue.STRING, BadValue.ODD_CHARACTERS, BadValue.PATH),
    NEEDED_TEXT(true, BadValue.STRING, BadValue.ODD_CHARACTERS, BadValue.PATH),
    /// A group's name.
    NAME(true, BadValue.STRING, BadValue.PATH),
    /// A web address, where one is needed or where it may be left out.
    NEEDED_ADDRESS(true),
    ADDRESS(false),
    /// A client's own object.
    METADATA(false, BadValue.EMPTY_OBJECT, BadValue.STRANGE_OBJECT),
    /// An object with fields of its own that are needed.
    OBJECT(true),
    /// An object of which all else is asked elsewhere.
    FORWARDED(true, BadValue.EMPTY_OBJECT, BadValue.STRANGE_OBJECT, BadValue.LARGE_OBJECT),
    /// An object with fields that may be left out.
    SETTINGS(false, BadValue.EMPTY_OBJECT, BadValue.STRANGE_OBJECT, BadValue.LARGE_OBJECT),
    FLAG(false, BadValue.BOOLEAN),
    /// A moment in the future.
    MOMENT(false),
    /// How far somebody has come, where messages may be named instead.
    WATERMARK(false, BadValue.NUMBER),
    /// Messages, where a number may be named instead.
    MESSAGES(false, BadValue.EMPTY_ARRAY),
    LATITUDE(true, BadValue.NUMBER, BadValue.FRACTION, BadValue.NEGATIVE),
    /// People, some or none.
    PEOPLE(true, BadValue.EMPTY_ARRAY),
    SOMEBODY(true),
    /// A frame's own id.
    REQUEST_ID(false, BadValue.EMPTY_STRING, BadValue.STRING, BadValue.ODD_CHARACTERS, BadValue.PATH),
    TOKEN(true);

    private final boolean needed;

    @SuppressWarnings("ImmutableEnumChecker") // filled once and never handed out
    private final Set<BadValue> fitting;

    FieldKind(boolean needed, BadValue... fitting) {
        this.needed = needed;
        this.fitting = Set.of(fitting);
    }

    /// The code that this value gets; null if it is right after all.
    ///
    /// @param usual the code of the call or frame
    @Nullable
    ErrorCode refusal(BadValue value, ErrorCode usual) {
        if (value.spoilsTheText()) {
            return INVALID_REQUEST;
        }
        if (fitting.contains(value) || (value.isAbsent() && !needed)) {
            return null;
        }
        return switch (this) {
            case TEXT, NEEDED_TEXT -> value == BadValue.LONG_STRING ? TOO_LARGE : usual;
            case METADATA -> value == BadValue.LARGE_OBJECT ? TOO_LARGE : usual;
            // It makes the metadata around it too large.
            case LATITUDE -> value == BadValue.LARGE_OBJECT || value == BadValue.LONG_STRING ? TOO_LARGE : usual;
            case TOKEN -> value.isString() ? UNAUTHORIZED : usual;
            case WORD,
                    OPTIONAL_WORD,
                    NAME,
                    NEEDED_ADDRESS,
                    ADDRESS,
                    OBJECT,
                    FORWARDED,
                    SETTINGS,
                    FLAG,
                    MOMENT,
                    WATERMARK,
                    MESSAGES,
                    PEOPLE,
                    SOMEBODY,
                    REQUEST_ID -> usual;
        };
    }
}
