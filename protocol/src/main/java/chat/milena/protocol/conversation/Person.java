package chat.milena.protocol.conversation;

import chat.milena.schemas.avro.Participant;

/// A participant of a conversation.
///
/// @param role `admin` or `member`
public record Person(String userId, String role) {
    static Person of(Participant participant) {
        return new Person(participant.getUserId(), participant.getRole());
    }
}
