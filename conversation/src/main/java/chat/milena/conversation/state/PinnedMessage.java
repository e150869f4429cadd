package chat.milena.conversation.state;

/// A message that is pinned, by its id and number.
public record PinnedMessage(String messageId, long sequenceNumber) {}
