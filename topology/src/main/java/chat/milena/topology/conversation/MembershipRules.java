package chat.milena.topology.conversation;

import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.MembershipDecision.Changed;
import chat.milena.topology.conversation.MembershipDecision.Unchanged;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Decides about what members change of their own memberships. Pure.
///
/// Such a change is no event: it takes no number, moves no time, and nobody else is notified.
public final class MembershipRules {
    private MembershipRules() {}

    /// Decides about a member's wish to hear nothing of a conversation for a while.
    ///
    /// @param userId who asks, for themselves
    /// @param until null for no longer
    public static MembershipDecision mute(ConversationState state, String userId, @Nullable Instant until) {
        return change(state, userId, member -> member.toMuted(until));
    }

    /// Decides about a member's word that they join in. It is never taken back.
    ///
    /// @param userId who asks, for themselves
    public static MembershipDecision accept(ConversationState state, String userId) {
        return change(state, userId, Membership::toAccepted);
    }

    private static MembershipDecision change(ConversationState state, String userId, UnaryOperator<Membership> change) {
        return switch (state) {
            case Absent absent -> ConversationRules.NO_SUCH_CONVERSATION;
            case Open open -> {
                Membership member = open.members().get(userId);
                if (member == null) {
                    yield ConversationRules.outsider(open);
                }
                Membership next = change.apply(member);
                yield member.equals(next) ? new Unchanged(open) : new Changed(open.toMember(next), next);
            }
        };
    }
}
