package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationProperties;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.Word;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A timeline entry as clients see it; its fields are those of live frames. Pure.
final class EntryJson {
    /// Names of fields, numbers and times; and a range of missing numbers beside the entry.
    private static final int FIELDS_BYTES = 360;

    private static final int PARTICIPANT_FIELDS_BYTES = 32;

    private EntryJson() {}

    /// The entry.
    ///
    /// @param status how far the asker's own message has come; null for the messages of others
    static ObjectNode entry(TimelineEvent event, @Nullable MessageStatus status) {
        ObjectNode json = ReadCodec.object();
        json.put("sequenceNumber", event.getSequenceNumber());
        json.put("timestamp", event.getTimestamp().toEpochMilli());
        json.put("kind", event.getKind());
        EventKind kind = Word.parse(EventKind.class, event.getKind()).orElse(null);
        switch (kind) {
            case MESSAGE -> message(json, event, status);
            case CONVERSATION_CREATED -> {
                json.put("actorId", event.getActorId());
                properties(json, event.getConversation());
                ConversationJson.participants(json, event.getParticipants());
                json.put("memberCount", event.getParticipants().size());
            }
            case CONVERSATION_UPDATED -> {
                json.put("actorId", event.getActorId());
                properties(json, event.getConversation());
            }
            case MEMBER_ADDED, MEMBER_REMOVED -> {
                json.put("actorId", event.getActorId());
                userIds(json, event.getParticipants());
            }
            case ROLE_CHANGED -> {
                json.put("actorId", event.getActorId());
                userIds(json, event.getParticipants());
                // One event gives all that it is about the same role.
                event.getParticipants().stream().findFirst().ifPresent(one -> json.put("role", one.getRole()));
            }
            // A kind of a later version: clients at least see that its number is no gap.
            case null -> json.put("actorId", event.getActorId());
        }
        return json;
    }

    private static void message(ObjectNode json, TimelineEvent event, @Nullable MessageStatus status) {
        Message message = event.getMessage();
        json.put("messageId", message.getMessageId());
        json.put("senderId", event.getActorId());
        content(json.putObject("content"), message.getContent());
        if (message.getExpiresAt() != null) {
            json.put("expiresAt", message.getExpiresAt().toEpochMilli());
        }
        if (status != null) {
            json.put("status", status.name());
        }
    }

    private static void content(ObjectNode json, Content content) {
        json.put("type", content.getType());
        if (content.getText() != null) {
            json.put("text", content.getText());
        }
        if (content.getMediaUrl() != null) {
            json.put("mediaUrl", content.getMediaUrl());
        }
        if (content.getMetadata() != null) {
            JsonNode metadata = ReadCodec.storedObject(content.getMetadata());
            if (metadata != null) {
                json.set("metadata", metadata);
            }
        }
    }

    private static void properties(ObjectNode json, ConversationProperties properties) {
        ConversationJson.properties(json, properties.getType(), properties.getName(), properties.getSettings());
    }

    private static void userIds(ObjectNode json, List<Participant> participants) {
        ArrayNode ids = json.putArray("userIds");
        participants.forEach(participant -> ids.add(participant.getUserId()));
    }

    /// At most how long the entry is as JSON, with what a page says of the numbers before it.
    static long bytes(TimelineEvent event) {
        long bytes = FIELDS_BYTES + JsonBytes.ofText(event.getKind()) + JsonBytes.ofText(event.getActorId());
        for (Participant participant : event.getParticipants()) {
            bytes += PARTICIPANT_FIELDS_BYTES + JsonBytes.ofText(participant.getUserId());
        }
        if (event.getConversation() != null) {
            bytes += JsonBytes.ofText(event.getConversation().getName());
        }
        if (event.getMessage() != null) {
            bytes += bytes(event.getMessage());
        }
        return bytes;
    }

    private static long bytes(Message message) {
        Content content = message.getContent();
        return JsonBytes.ofText(message.getMessageId())
                + JsonBytes.ofText(content.getText())
                + JsonBytes.ofText(content.getMediaUrl())
                // Text of JSON, which is no longer as part of other JSON, but the escapes are counted twice.
                + JsonBytes.ofText(content.getMetadata());
    }
}
