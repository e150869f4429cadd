package chat.milena.conversation.state;

/// An event and its position.
public record NumberedEvent(Position position, ConversationEvent event) {}
