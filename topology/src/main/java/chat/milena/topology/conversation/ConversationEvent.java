package chat.milena.topology.conversation;

import chat.milena.schemas.avro.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that happened to a conversation and took its next number.
public sealed interface ConversationEvent {

    /// A message was added.
    ///
    /// @param joined its sender's membership, if they joined in by it; null if they had before
    record MessageSent(Message message, @Nullable Membership joined) implements ConversationEvent {}

    /// The conversation began, as `properties` say, with these members, by user.
    record ConversationCreated(Properties properties, List<Membership> members) implements ConversationEvent {}

    /// The conversation is now as `properties` say.
    record ConversationUpdated(Properties properties) implements ConversationEvent {}

    /// These came in, by user.
    record MembersAdded(List<Membership> members) implements ConversationEvent {}

    /// This one went, or was made to go.
    record MemberRemoved(Membership member) implements ConversationEvent {}

    /// This one has another role now.
    record RoleChanged(Membership member) implements ConversationEvent {}
}
