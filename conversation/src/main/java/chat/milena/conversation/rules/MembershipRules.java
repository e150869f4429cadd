package chat.milena.conversation.rules;

import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Change.MembershipChanged;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.Mute;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.Position;
import java.util.List;

/// Decides on members' changes of their own memberships. Pure.
///
/// Such a change is no event: it takes no number, moves no time, and nobody else is notified.
final class MembershipRules {
    private MembershipRules() {}

    static Changes mute(Open open, Membership member, Mute mute) {
        Membership next = member.toMuted(mute.until());
        Position position = open.position();
        return next.equals(member)
                ? Changes.none(new Duplicate(position.sequenceNumber(), position.timestamp()))
                : new Changes(
                        open.toMember(next),
                        List.of(new MembershipChanged(next)),
                        new Accepted(position.sequenceNumber(), position.timestamp()),
                        null);
    }
}
