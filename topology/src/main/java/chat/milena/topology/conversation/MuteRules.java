package chat.milena.topology.conversation;

import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.MuteDecision.Muted;
import chat.milena.topology.conversation.MuteDecision.Unchanged;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decides about a member's wish to hear nothing of a conversation for a while. Pure.
///
/// It is a setting of one membership and no event: it takes no number, moves no time, and nobody else is told.
public final class MuteRules {
    private MuteRules() {}

    /// Decides.
    ///
    /// @param userId who asks, for themselves
    /// @param until null for no longer
    public static MuteDecision decide(ConversationState state, String userId, @Nullable Instant until) {
        return switch (state) {
            case Absent absent -> ConversationRules.NO_SUCH_CONVERSATION;
            case Open open -> {
                Membership member = open.members().get(userId);
                if (member == null) {
                    yield ConversationRules.outsider(open);
                }
                Membership next = member.toMuted(until);
                yield Objects.equals(member, next) ? new Unchanged(open) : new Muted(open.toMember(next), next);
            }
        };
    }
}
