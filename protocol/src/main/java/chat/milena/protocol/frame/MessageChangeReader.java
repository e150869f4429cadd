package chat.milena.protocol.frame;

import chat.milena.protocol.call.ServerLimit;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.word.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Reads a change of a message from the payload of a frame or a REST call. Pure; the result is meaningless if the
/// fields have a rejection afterwards.
public final class MessageChangeReader {
    private static final String MESSAGE = "messageId";
    private static final String REVISION = "revision";
    private static final String REASON = "reason";
    private static final String EMOJI = "emoji";
    private static final String REMOVE = "remove";
    private static final int REASON_CHARACTERS_MAX = (int) ServerLimit.REASON_CHARACTERS_MAX.initial();
    private static final int EMOJI_CODE_POINTS_MAX = (int) ServerLimit.EMOJI_CHARACTERS_MAX.initial();

    private final MessageReader messages;

    public MessageChangeReader(Limits limits) {
        this.messages = new MessageReader(limits);
    }

    /// The edit in these fields, which contain the message id.
    public ChangeMessage edit(Fields fields) {
        return edit(fields, fields.messageId(MESSAGE));
    }

    /// The edit of this message in these fields.
    public ChangeMessage edit(Fields fields, String messageId) {
        Content content = messages.content(fields);
        Long revision = fields.optionalInteger(REVISION);
        if (revision != null && revision < 0) {
            fields.refuse(REVISION, "must not be negative");
        }
        return new ChangeMessage(messageId, content, revision, null, null, false);
    }

    /// The deletion in these fields, which contain the message id.
    public static ChangeMessage delete(Fields fields) {
        return delete(fields, fields.messageId(MESSAGE), fields.optionalText(REASON));
    }

    /// The deletion of this message.
    ///
    /// @param fields receive the rejection of a wrong reason
    public static ChangeMessage delete(Fields fields, String messageId, @Nullable String reason) {
        if (reason != null) {
            if (reason.isEmpty()) {
                fields.refuse(REASON, "must not be empty");
            } else if (Json.hasLoneSurrogate(reason)) {
                fields.refuse(REASON, "must not hold lone surrogates");
            } else if (reason.codePointCount(0, reason.length()) > REASON_CHARACTERS_MAX) {
                fields.refuse(ErrorCode.TOO_LARGE, REASON, "must be at most " + REASON_CHARACTERS_MAX + " characters");
            }
        }
        return new ChangeMessage(messageId, null, null, reason, null, false);
    }

    /// The reaction in these fields, which name the message.
    static ChangeMessage react(Fields fields) {
        return react(fields, fields.messageId(MESSAGE), fields.text(EMOJI), fields.flag(REMOVE, false));
    }

    /// The reaction to this message.
    ///
    /// @param fields take what is wrong with the emoji
    public static ChangeMessage react(Fields fields, String messageId, String emoji, boolean remove) {
        if (emoji.isEmpty() || emoji.codePointCount(0, emoji.length()) > EMOJI_CODE_POINTS_MAX) {
            fields.refuse(EMOJI, "must be 1 to " + EMOJI_CODE_POINTS_MAX + " characters");
        } else if (Json.hasLoneSurrogate(emoji)) {
            fields.refuse(EMOJI, "must not hold lone surrogates");
        } else if (emoji.codePoints().anyMatch(MessageChangeReader::isSpaceOrControl)) {
            fields.refuse(EMOJI, "must not hold white space or control characters");
        }
        return new ChangeMessage(messageId, null, null, null, emoji, remove);
    }

    private static boolean isSpaceOrControl(int codePoint) {
        return Character.isSpaceChar(codePoint)
                || Character.isWhitespace(codePoint)
                || Character.isISOControl(codePoint);
    }

    /// The pin in these fields, which name the message.
    static ChangeMessage pin(Fields fields) {
        return pin(fields.messageId(MESSAGE), fields.flag(REMOVE, false));
    }

    /// The pin of this message.
    public static ChangeMessage pin(String messageId, boolean remove) {
        return new ChangeMessage(messageId, null, null, null, null, remove);
    }
}
