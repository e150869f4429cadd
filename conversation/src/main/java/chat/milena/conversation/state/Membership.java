package chat.milena.conversation.state;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.Role;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A user's membership in a conversation.
///
/// @param joinedSequence the number of the event that brought them in
/// @param mutedUntil until when they want no notifications of it; null if it is not muted
/// @param accepted whether they have joined in, by an act of their own; until then this conversation shows the
/// others neither their presence nor what they have read
/// @param firstSequence the first number that they may read, by when they came and what they cleared; null, of old
/// memberships, where the settings of now decide
/// @param blocks whether they have blocked the other person of a direct conversation
public record Membership(
        String userId,
        Role role,
        Instant joinedAt,
        long joinedSequence,
        @Nullable Instant mutedUntil,
        boolean accepted,
        @Nullable Long firstSequence,
        boolean blocks) {
    /// The longest member comes first; members who were added together are ordered by user.
    public static final Comparator<Membership> LONGEST_FIRST =
            Comparator.comparingLong(Membership::joinedSequence).thenComparing(Membership::userId);

    /// The membership of a new member.
    ///
    /// @param wholePast whether they may read earlier messages
    public static Membership newcomer(
            String userId, Role role, Position position, boolean accepted, boolean wholePast) {
        long joinedSequence = position.sequenceNumber();
        return new Membership(
                userId,
                role,
                position.timestamp(),
                joinedSequence,
                null,
                accepted,
                wholePast ? 1 : joinedSequence,
                false);
    }

    public Membership toRole(Role next) {
        return new Membership(userId, next, joinedAt, joinedSequence, mutedUntil, accepted, firstSequence, blocks);
    }

    public Membership toMuted(@Nullable Instant until) {
        return new Membership(userId, role, joinedAt, joinedSequence, until, accepted, firstSequence, blocks);
    }

    public Membership toAccepted() {
        return new Membership(userId, role, joinedAt, joinedSequence, mutedUntil, true, firstSequence, blocks);
    }

    /// The same after clearing everything up to a number.
    public Membership toCleared(long upTo, ConversationSettings settings) {
        long first = Math.max(readsFrom(settings), upTo + 1);
        return new Membership(userId, role, joinedAt, joinedSequence, mutedUntil, accepted, first, blocks);
    }

    /// The same of somebody who has blocked the other person of a direct conversation, or no longer.
    public Membership toBlocking(boolean next) {
        return new Membership(userId, role, joinedAt, joinedSequence, mutedUntil, accepted, firstSequence, next);
    }

    /// The first number that they may read.
    ///
    /// @param settings the present ones, which decide if nothing was recorded
    public long readsFrom(ConversationSettings settings) {
        if (firstSequence != null) {
            return firstSequence;
        }
        return settings.getHistoryVisibleToNewMembers() ? 1 : joinedSequence;
    }

    public boolean isAdmin() {
        return role == Role.ADMIN;
    }
}
