package chat.milena.protocol.timeline;

import chat.milena.protocol.json.JsonText;
import chat.milena.schemas.avro.Content;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a person wrote.
///
/// @param type `text`, `image`, `file` or `location`
/// @param metadata an object of the client's own
/// @param mentions at most 50 user ids, or `all`; without people who are no members
public record MessageContent(
        String type,
        @Nullable String text,
        @Nullable String mediaUrl,
        @Nullable JsonText metadata,
        @Nullable MentionList mentions) {
    /// What `type` may be.
    public static final List<String> TYPES = List.of("text", "image", "file", "location");

    public static MessageContent of(Content content) {
        return new MessageContent(
                content.getType(),
                content.getText(),
                content.getMediaUrl(),
                JsonText.ofObject(content.getMetadata()),
                MentionList.of(content.getMentions()));
    }
}
