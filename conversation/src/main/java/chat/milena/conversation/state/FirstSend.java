package chat.milena.conversation.state;

import java.time.Instant;

/// What a messageId of this conversation already stands for: who sent it, and the number and time it was given.
public record FirstSend(String senderId, long sequenceNumber, Instant timestamp) {}
