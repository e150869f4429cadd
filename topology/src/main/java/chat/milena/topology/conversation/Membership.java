package chat.milena.topology.conversation;

import chat.milena.schemas.word.Role;
import java.time.Instant;

/// A person's place in a conversation.
///
/// @param joinedSequence the number of the event that brought them in
public record Membership(String userId, Role role, Instant joinedAt, long joinedSequence) {}
