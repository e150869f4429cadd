package chat.milena.protocol.frame;

import chat.milena.protocol.conversation.NameRules;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.ChangeProfile;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads the profile of a user, and that of a group. Pure.
public final class ProfileReader {
    /// The maximum length of the name of a profile.
    public static final int NAME_CODE_POINTS_MAX = 100;

    /// The maximum size of `custom`, as JSON in UTF-8.
    public static final int CUSTOM_BYTES_MAX = 2 * 1024;

    /// The same for a group.
    public static final int GROUP_CUSTOM_BYTES_MAX = 4 * 1024;

    private static final String AVATAR_URL = "avatarUrl";
    private static final String CUSTOM = "custom";
    private static final String REMOVED = "";

    private ProfileReader() {}

    /// The profile in these fields; meaningless if they have a rejection afterwards.
    public static ChangeProfile read(Fields fields) {
        return new ChangeProfile(
                name(fields), MessageReader.address(fields, AVATAR_URL), custom(fields, CUSTOM_BYTES_MAX));
    }

    /// Reads what a group shows of itself beside its name into its change. Null removes a field.
    public static void readInto(UpdateConversation change, Fields fields) {
        change.setAvatarUrl(fields.isNull(AVATAR_URL) ? REMOVED : MessageReader.address(fields, AVATAR_URL));
        change.setCustom(fields.isNull(CUSTOM) ? REMOVED : custom(fields, GROUP_CUSTOM_BYTES_MAX));
    }

    private static @Nullable String name(Fields fields) {
        String name = fields.optionalText("name");
        String fault = name == null ? null : NameRules.fault(name, NAME_CODE_POINTS_MAX);
        if (fault != null) {
            fields.refuse("name", fault);
        }
        return name;
    }

    private static @Nullable String custom(Fields fields, int bytesMax) {
        JsonNode custom = fields.optionalObject(CUSTOM);
        if (custom == null) {
            return null;
        }
        if (MessageReader.holdsLoneSurrogate(custom)) {
            fields.refuse(CUSTOM, "must not hold lone surrogates");
            return null;
        }
        String text = Json.text(custom);
        if (text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
            fields.refuse(ErrorCode.TOO_LARGE, CUSTOM, "must be at most " + bytesMax + " bytes of JSON");
        }
        return text;
    }
}
