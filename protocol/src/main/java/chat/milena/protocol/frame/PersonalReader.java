package chat.milena.protocol.frame;

import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.MessageDraft;
import chat.milena.schemas.word.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Reads what a member wants to keep of a conversation out of a body. Pure.
public final class PersonalReader {
    /// The longest draft.
    public static final int DRAFT_CODE_POINTS_MAX = 4_000;

    private PersonalReader() {}

    /// What a body asks for; meaningless when its fields have a rejection afterwards.
    public static ChangePersonal read(Fields fields) {
        Boolean accepted = fields.optionalFlag("accepted");
        if (Boolean.FALSE.equals(accepted)) {
            fields.refuse("accepted", "must be true; it is never taken back");
        }
        return new ChangePersonal(
                accepted != null,
                fields.optionalFlag("archived"),
                fields.optionalFlag("pinned"),
                fields.optionalFlag("hidden"),
                fields.isNull("unreadFrom") ? Long.valueOf(0) : number("unreadFrom", 1, fields),
                number("clearedUpTo", 0, fields),
                fields.has("draft") ? draft(fields.object("draft")) : null,
                fields.isNull("draft"),
                null);
    }

    private static @Nullable Long number(String name, long min, Fields fields) {
        Long number = fields.optionalInteger(name);
        if (number != null && number < min) {
            fields.refuse(name, "must be at least " + min);
        }
        return number;
    }

    private static MessageDraft draft(Fields fields) {
        String text = fields.text("text");
        if (Json.hasLoneSurrogate(text)) {
            fields.refuse("text", "must not hold lone surrogates");
        } else if (text.codePointCount(0, text.length()) > DRAFT_CODE_POINTS_MAX) {
            fields.refuse(ErrorCode.TOO_LARGE, "text", "must be at most " + DRAFT_CODE_POINTS_MAX + " characters");
        }
        return new MessageDraft(text, fields.has("replyTo") ? fields.messageId("replyTo") : null);
    }
}
