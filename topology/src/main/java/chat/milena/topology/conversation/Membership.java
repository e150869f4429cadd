package chat.milena.topology.conversation;

import chat.milena.schemas.word.Role;
import java.time.Instant;
import java.util.Comparator;

/// A person's place in a conversation.
///
/// @param joinedSequence the number of the event that brought them in
public record Membership(String userId, Role role, Instant joinedAt, long joinedSequence) {
    /// Who has been in for longest comes first; of those who came together, by user.
    static final Comparator<Membership> LONGEST_FIRST =
            Comparator.comparingLong(Membership::joinedSequence).thenComparing(Membership::userId);

    Membership toRole(Role next) {
        return new Membership(userId, next, joinedAt, joinedSequence);
    }

    boolean isAdmin() {
        return role == Role.ADMIN;
    }
}
