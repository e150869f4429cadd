package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.word.ConversationType;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A conversation as clients see it, as writes answer it and frames carry it. Pure.
public final class ConversationJson {
    /// A conversation names no more people than this; its `memberCount` is true.
    static final int PARTICIPANTS_MAX = 100;

    /// No conversation is longer as JSON, nor is its line in an inbox without the last message.
    public static final int BYTES_MAX = 12 * 1024;

    private ConversationJson() {}

    /// The whole object.
    ///
    /// @param members in the order of user ids
    static ObjectNode conversation(Conversation conversation, List<Member> members, long lastSequence) {
        ObjectNode json = ReadCodec.object();
        json.put("conversationId", conversation.getConversationId());
        properties(json, conversation.getType(), conversation.getName(), conversation.getSettings());
        participants(
                json,
                members.stream()
                        .map(member -> new Participant(member.getUserId(), member.getRole()))
                        .toList());
        json.put("memberCount", conversation.getMemberCount());
        json.put("lastSequence", lastSequence);
        json.put("createdAt", conversation.getCreatedAt().toString());
        return json;
    }

    /// What may change of it: a group's name and settings.
    static void properties(ObjectNode json, String type, @Nullable String name, ConversationSettings settings) {
        json.put("type", type);
        if (name != null) {
            json.put("name", name);
        }
        if (type.equals(ConversationType.GROUP.word())) {
            json.putObject("settings")
                    .put("onlyAdminsCanPost", settings.getOnlyAdminsCanPost())
                    .put("allowMemberInvites", settings.getAllowMemberInvites())
                    .put("historyVisibleToNewMembers", settings.getHistoryVisibleToNewMembers());
        }
    }

    /// The first [#PARTICIPANTS_MAX] of these people.
    static void participants(ObjectNode json, List<Participant> participants) {
        ArrayNode array = json.putArray("participants");
        participants.stream()
                .limit(PARTICIPANTS_MAX)
                .forEach(participant ->
                        array.addObject().put("userId", participant.getUserId()).put("role", participant.getRole()));
    }
}
