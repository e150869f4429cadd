package chat.milena.topology.conversation;

import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Rejected;

/// What the rules say to a member who changes something of their own membership.
public sealed interface MembershipDecision permits MembershipDecision.Changed, MembershipDecision.Unchanged, Rejected {

    /// It is so from now on.
    ///
    /// @param next the conversation with that membership, at the position where it was
    record Changed(Open next, Membership member) implements MembershipDecision {}

    /// It was so before.
    record Unchanged(Open open) implements MembershipDecision {}
}
