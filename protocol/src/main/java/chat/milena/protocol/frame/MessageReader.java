package chat.milena.protocol.frame;

import chat.milena.protocol.call.ServerLimit;
import chat.milena.protocol.conversation.WebAddress;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Json;
import chat.milena.protocol.timeline.MentionList;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a new message from the payload of a frame or a REST body. Pure.
///
/// Required fields by content type: `text` for `text`; `mediaUrl` for `image` and `file`, whose `text` is an
/// optional caption; `metadata` with the numbers `latitude` and `longitude` for `location`. Any other field is
/// optional.
public final class MessageReader {
    private static final int MEDIA_URL_CHARS_MAX = 2_048;
    private static final String SHOWN = "showInConversation";
    private static final String MENTIONS = "mentions";
    private static final int MENTIONS_MAX = (int) ServerLimit.MENTIONS_MAX.initial();

    private final Limits limits;

    public MessageReader(Limits limits) {
        this.limits = limits;
    }

    /// The message in these fields; meaningless if they have a rejection afterwards.
    public Message read(Fields fields, Instant now) {
        String messageId = fields.messageId("messageId");
        Content content = content(fields);
        Long expiresAt = fields.optionalInteger("expiresAt");
        if (expiresAt != null && expiresAt <= now.toEpochMilli()) {
            fields.refuse("expiresAt", "must be in the future");
        }
        MessageReference replyTo = fields.has("replyTo") ? new MessageReference(fields.messageId("replyTo"), 0L) : null;
        return new Message(
                messageId,
                content,
                expiresAt == null ? null : Instant.ofEpochMilli(expiresAt),
                replyTo,
                thread(fields));
    }

    private static @Nullable ThreadPlace thread(Fields fields) {
        boolean shown = fields.flag(SHOWN, false);
        if (!fields.has("threadOf")) {
            if (shown) {
                fields.refuse(SHOWN, "is for replies in a thread");
            }
            return null;
        }
        return new ThreadPlace(new MessageReference(fields.messageId("threadOf"), 0L), 0L, shown);
    }

    /// The `content` in these fields; meaningless if they have a rejection afterwards.
    Content content(Fields message) {
        Fields fields = message.object("content");
        String type = fields.text("type");
        String text = text(fields);
        String mediaUrl = address(fields, "mediaUrl");
        String metadata = metadata(fields);
        switch (type) {
            case "text" -> require(fields, "text", type);
            case "image", "file" -> require(fields, "mediaUrl", type);
            case "location" -> location(fields);
            // Words of the protocol, not a sealed type: any other word is rejected.
            default -> fields.refuse("type", "must be text, image, file or location");
        }
        return new Content(type, text, mediaUrl, metadata, mentions(fields));
    }

    private static @Nullable Mentions mentions(Fields fields) {
        if (!fields.has(MENTIONS)) {
            return null;
        }
        String word = fields.textIfAny(MENTIONS);
        if (MentionList.ALL.equals(word)) {
            return new Mentions(List.of(), true);
        }
        if (word != null) {
            fields.refuse(MENTIONS, "must be an array of ids of users, or \"" + MentionList.ALL + '"');
            return null;
        }
        JsonNode named = fields.array(MENTIONS);
        if (named.size() > MENTIONS_MAX) {
            fields.refuse(ErrorCode.TOO_LARGE, MENTIONS, "must be at most " + MENTIONS_MAX);
            return null;
        }
        Set<String> userIds = new LinkedHashSet<>();
        for (int i = 0; i < named.size(); i++) {
            if (!named.get(i).isTextual() || !Ids.isValid(named.get(i).textValue())) {
                fields.refuse(MENTIONS + "[" + i + "]", "must be the id of a user");
                return null;
            }
            userIds.add(named.get(i).textValue());
        }
        // Nobody is mentioned, as without the field.
        return userIds.isEmpty() ? null : new Mentions(List.copyOf(userIds), false);
    }

    private static void require(Fields fields, String name, String type) {
        if (!fields.has(name)) {
            fields.refuse(name, "is required for type " + type);
        }
    }

    private static void location(Fields fields) {
        if (!fields.has("metadata")) {
            fields.refuse("metadata", "is required for type location");
            return;
        }
        Fields metadata = fields.object("metadata");
        metadata.number("latitude", -90, 90);
        metadata.number("longitude", -180, 180);
    }

    private @Nullable String text(Fields fields) {
        String text = fields.optionalText("text");
        if (text == null) {
            return null;
        }
        if (text.isEmpty()) {
            fields.refuse("text", "must not be empty");
        } else if (Json.hasLoneSurrogate(text)) {
            fields.refuse("text", "must not hold lone surrogates");
        } else if (text.length() > limits.textCodePointsMax()
                && text.codePointCount(0, text.length()) > limits.textCodePointsMax()) {
            fields.refuse(ErrorCode.TOO_LARGE, "text", "must be at most " + limits.textCodePointsMax() + " characters");
        }
        return text;
    }

    /// A web address, or null if the field is absent.
    static @Nullable String address(Fields fields, String name) {
        String url = fields.optionalText(name);
        if (url == null) {
            return null;
        }
        if (url.length() > MEDIA_URL_CHARS_MAX) {
            fields.refuse(name, "must be at most " + MEDIA_URL_CHARS_MAX + " characters");
        } else if (Json.hasLoneSurrogate(url) || !WebAddress.opens(url)) {
            fields.refuse(name, "must be an absolute http or https URL");
        }
        return url;
    }

    private @Nullable String metadata(Fields fields) {
        JsonNode metadata = fields.optionalObject("metadata");
        if (metadata == null) {
            return null;
        }
        if (holdsLoneSurrogate(metadata)) {
            fields.refuse("metadata", "must not hold lone surrogates");
            return null;
        }
        String text = Json.text(metadata);
        if (text.getBytes(StandardCharsets.UTF_8).length > limits.metadataBytesMax()) {
            fields.refuse(
                    ErrorCode.TOO_LARGE, "metadata", "must be at most " + limits.metadataBytesMax() + " bytes of JSON");
        }
        return text;
    }

    /// The parser bounds the depth, and rejects such names.
    static boolean holdsLoneSurrogate(JsonNode node) {
        if (node.isTextual()) {
            return Json.hasLoneSurrogate(node.textValue());
        }
        for (JsonNode child : node) {
            if (holdsLoneSurrogate(child)) {
                return true;
            }
        }
        return false;
    }
}
