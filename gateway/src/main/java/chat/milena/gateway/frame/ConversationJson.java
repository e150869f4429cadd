package chat.milena.gateway.frame;

import chat.milena.runtime.json.Json;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.word.ConversationType;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/// A conversation as clients see it, the same in frames and in REST answers. Pure.
public final class ConversationJson {
    private ConversationJson() {}

    /// The whole object.
    public static byte[] bytes(String conversationId, ConversationSnapshot conversation) {
        return Json.bytes(json -> {
            json.writeStartObject();
            writeFields(json, conversationId, conversation);
            json.writeEndObject();
        });
    }

    static void writeFields(JsonGenerator json, String conversationId, ConversationSnapshot conversation)
            throws IOException {
        json.writeStringField("conversationId", conversationId);
        json.writeStringField("type", conversation.getType());
        if (conversation.getName() != null) {
            json.writeStringField("name", conversation.getName());
        }
        json.writeArrayFieldStart("participants");
        for (Participant participant : conversation.getParticipants()) {
            json.writeStartObject();
            json.writeStringField("userId", participant.getUserId());
            json.writeStringField("role", participant.getRole());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("memberCount", conversation.getMemberCount());
        if (conversation.getType().equals(ConversationType.GROUP.word())) {
            json.writeObjectFieldStart("settings");
            json.writeBooleanField(
                    "onlyAdminsCanPost", conversation.getSettings().getOnlyAdminsCanPost());
            json.writeBooleanField(
                    "allowMemberInvites", conversation.getSettings().getAllowMemberInvites());
            json.writeBooleanField(
                    "historyVisibleToNewMembers", conversation.getSettings().getHistoryVisibleToNewMembers());
            json.writeEndObject();
        }
        json.writeNumberField("lastSequence", conversation.getLastSequence());
        json.writeStringField("createdAt", conversation.getCreatedAt().toString());
    }
}
