package chat.milena.topology.conversation;

import chat.milena.schemas.avro.Message;
import java.util.List;

/// Something that happened to a conversation and took its next number.
public sealed interface ConversationEvent {

    /// A message was added.
    record MessageSent(Message message) implements ConversationEvent {}

    /// The conversation began, as `properties` say, with these members, by user.
    record ConversationCreated(Properties properties, List<Membership> members) implements ConversationEvent {}
}
