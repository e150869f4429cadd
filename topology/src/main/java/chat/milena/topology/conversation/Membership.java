package chat.milena.topology.conversation;

import chat.milena.schemas.word.Role;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A person's place in a conversation.
///
/// @param joinedSequence the number of the event that brought them in
/// @param mutedUntil until when they want to hear nothing of it; null for not at all
public record Membership(
        String userId,
        Role role,
        Instant joinedAt,
        long joinedSequence,
        @Nullable Instant mutedUntil) {
    /// Who has been in for longest comes first; of those who came together, by user.
    static final Comparator<Membership> LONGEST_FIRST =
            Comparator.comparingLong(Membership::joinedSequence).thenComparing(Membership::userId);

    /// As they come in.
    public Membership(String userId, Role role, Instant joinedAt, long joinedSequence) {
        this(userId, role, joinedAt, joinedSequence, null);
    }

    Membership toRole(Role next) {
        return new Membership(userId, next, joinedAt, joinedSequence, mutedUntil);
    }

    Membership toMuted(@Nullable Instant until) {
        return new Membership(userId, role, joinedAt, joinedSequence, until);
    }

    boolean isAdmin() {
        return role == Role.ADMIN;
    }
}
