package chat.milena.protocol.timeline;

import chat.milena.schemas.avro.Mentions;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The users whom a message mentions: an array of user ids, or the string `all`.
///
/// @param userIds empty if all are mentioned
public record MentionList(List<String> userIds, boolean all) {
    /// The word for all members.
    public static final String ALL = "all";

    /// The mentions of a content; null without any.
    public static @Nullable MentionList of(@Nullable Mentions mentions) {
        return mentions == null ? null : new MentionList(mentions.getUserIds(), mentions.getAll());
    }

    @JsonValue
    JsonNode json() {
        if (all) {
            return TextNode.valueOf(ALL);
        }
        ArrayNode ids = JsonNodeFactory.instance.arrayNode();
        userIds.forEach(ids::add);
        return ids;
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static MentionList of(JsonNode json) {
        List<String> userIds = new ArrayList<>();
        json.forEach(userId -> userIds.add(userId.textValue()));
        return new MentionList(userIds, json.isTextual());
    }
}
