package chat.milena.topology.conversation;

import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision.Rejected;

/// What the rules say to a member who wants to hear nothing for a while.
public sealed interface MuteDecision permits MuteDecision.Muted, MuteDecision.Unchanged, Rejected {

    /// It is so from now on.
    ///
    /// @param next the conversation with that membership, at the position where it was
    record Muted(Open next, Membership member) implements MuteDecision {}

    /// It was so before.
    record Unchanged(Open open) implements MuteDecision {}
}
