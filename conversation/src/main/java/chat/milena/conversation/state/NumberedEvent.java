package chat.milena.conversation.state;

/// An event and the position it took.
public record NumberedEvent(Position position, ConversationEvent event) {}
