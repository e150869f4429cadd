package chat.milena.topology.conversation;

import chat.milena.schemas.word.Role;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A person's place in a conversation.
///
/// @param joinedSequence the number of the event that brought them in
/// @param mutedUntil until when they want to hear nothing of it; null for not at all
/// @param accepted whether they have joined in, by an act of their own; before, the others are not shown because of it
///     whether they are there and what they have read
/// @param firstSequence the first number that they may read; null, of old memberships, where the settings of now decide
public record Membership(
        String userId,
        Role role,
        Instant joinedAt,
        long joinedSequence,
        @Nullable Instant mutedUntil,
        boolean accepted,
        @Nullable Long firstSequence) {
    /// Who has been in for longest comes first; of those who came together, by user.
    static final Comparator<Membership> LONGEST_FIRST =
            Comparator.comparingLong(Membership::joinedSequence).thenComparing(Membership::userId);

    /// As they come in.
    ///
    /// @param wholePast whether they may read what was before
    static Membership newcomer(String userId, Role role, Position position, boolean accepted, boolean wholePast) {
        long joinedSequence = position.sequenceNumber();
        return new Membership(
                userId, role, position.timestamp(), joinedSequence, null, accepted, wholePast ? 1 : joinedSequence);
    }

    Membership toRole(Role next) {
        return new Membership(userId, next, joinedAt, joinedSequence, mutedUntil, accepted, firstSequence);
    }

    Membership toMuted(@Nullable Instant until) {
        return new Membership(userId, role, joinedAt, joinedSequence, until, accepted, firstSequence);
    }

    Membership toAccepted() {
        return new Membership(userId, role, joinedAt, joinedSequence, mutedUntil, true, firstSequence);
    }

    boolean isAdmin() {
        return role == Role.ADMIN;
    }
}
