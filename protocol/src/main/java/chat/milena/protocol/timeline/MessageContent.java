package chat.milena.protocol.timeline;

import chat.milena.protocol.json.JsonText;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Mentions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The content of a message.
///
/// @param type `text`, `image`, `file` or `location`
/// @param metadata any JSON object of the client
/// @param mentions at most 50 user ids, or `all`; without users who are not members
public record MessageContent(
        String type,
        @Nullable String text,
        @Nullable String mediaUrl,
        @Nullable JsonText metadata,
        @Nullable MentionList mentions) {
    /// The values of `type`.
    public static final List<String> TYPES = List.of("text", "image", "file", "location");

    /// As a record of the log.
    public Content toRecord() {
        return new Content(
                type,
                text,
                mediaUrl,
                metadata == null ? null : metadata.text(),
                mentions == null ? null : new Mentions(mentions.userIds(), mentions.all()));
    }

    /// Null for what is no longer shown.
    public static @Nullable MessageContent ofShown(Content content) {
        return TYPES.contains(content.getType()) ? of(content) : null;
    }

    public static MessageContent of(Content content) {
        return new MessageContent(
                content.getType(),
                content.getText(),
                content.getMediaUrl(),
                JsonText.ofObject(content.getMetadata()),
                MentionList.of(content.getMentions()));
    }
}
