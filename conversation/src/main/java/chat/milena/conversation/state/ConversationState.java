package chat.milena.conversation.state;

import chat.milena.conversation.state.ConversationEvent.ConversationCreated;
import chat.milena.schemas.word.ConversationType;
import java.util.Collections;
import java.util.SortedMap;

/// A conversation before a command: absent or open. Immutable.
///
/// ```text
///   Absent ──created──▶ Open ──any other event──▶ Open
/// ```
public sealed interface ConversationState {

    /// No such conversation.
    record Absent() implements ConversationState {

        /// The conversation that this event makes.
        public Open toOpen(ConversationCreated created, Position position) {
            SortedMap<String, Membership> members = created.memberships().appliedTo(Collections.emptySortedMap());
            return new Open(created.properties(), members, position);
        }
    }

    /// A conversation that exists.
    ///
    /// @param members by user
    record Open(ConversationProperties properties, SortedMap<String, Membership> members, Position position)
            implements ConversationState {

        /// Whether one of the two people of a direct conversation has blocked the other.
        public boolean isBlocked() {
            if (properties.type() != ConversationType.DIRECT) {
                return false;
            }
            for (Membership member : members.values()) {
                if (member.blocks()) {
                    return true;
                }
            }
            return false;
        }

        /// The conversation after this event.
        public Open toAfter(NumberedEvent numbered) {
            ConversationEvent event = numbered.event();
            return new Open(
                    event.propertiesAfter(properties), event.memberships().appliedTo(members), numbered.position());
        }

        /// The same conversation with a changed membership of a member.
        public Open toMember(Membership member) {
            return new Open(properties, MembershipDelta.changed(member).appliedTo(members), position);
        }
    }
}
