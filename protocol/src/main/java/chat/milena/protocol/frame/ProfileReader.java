package chat.milena.protocol.frame;

import chat.milena.protocol.conversation.NameRules;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.ChangeProfile;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads a profile. Pure.
public final class ProfileReader {
    /// The maximum length of the name of a profile.
    public static final int NAME_CODE_POINTS_MAX = 100;

    /// The maximum size of `custom`, as JSON in UTF-8.
    public static final int CUSTOM_BYTES_MAX = 2 * 1024;

    private ProfileReader() {}

    /// The profile in these fields; meaningless if they have a rejection afterwards.
    public static ChangeProfile read(Fields fields) {
        return new ChangeProfile(name(fields), MessageReader.address(fields, "avatarUrl"), custom(fields));
    }

    private static @Nullable String name(Fields fields) {
        String name = fields.optionalText("name");
        String fault = name == null ? null : NameRules.fault(name, NAME_CODE_POINTS_MAX);
        if (fault != null) {
            fields.refuse("name", fault);
        }
        return name;
    }

    private static @Nullable String custom(Fields fields) {
        JsonNode custom = fields.optionalObject("custom");
        if (custom == null) {
            return null;
        }
        if (MessageReader.holdsLoneSurrogate(custom)) {
            fields.refuse("custom", "must not hold lone surrogates");
            return null;
        }
        String text = Json.text(custom);
        if (text.getBytes(StandardCharsets.UTF_8).length > CUSTOM_BYTES_MAX) {
            fields.refuse(ErrorCode.TOO_LARGE, "custom", "must be at most " + CUSTOM_BYTES_MAX + " bytes of JSON");
        }
        return text;
    }
}
