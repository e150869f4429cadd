package chat.milena.conversation.state;

/// Whether a message is pinned, and by whom.
///
/// @param by the event that made it so
public record MessagePin(String userId, EventTime by, boolean removed) {}
