package chat.milena.topology.conversation;

import chat.milena.topology.conversation.ConversationEvent.ConversationCreated;
import chat.milena.topology.conversation.ConversationEvent.ConversationUpdated;
import chat.milena.topology.conversation.ConversationEvent.MemberRemoved;
import chat.milena.topology.conversation.ConversationEvent.MembersAdded;
import chat.milena.topology.conversation.ConversationEvent.MessageSent;
import chat.milena.topology.conversation.ConversationEvent.RoleChanged;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A conversation before a command: not there yet, or open. Immutable.
///
/// ```text
///   Absent ──created──▶ Open ──message, updated, added, removed, role──▶ Open
/// ```
public sealed interface ConversationState {

    /// No such conversation.
    record Absent() implements ConversationState {

        /// The conversation that begins with this event.
        Open toOpen(ConversationCreated created, Position position) {
            Open empty = new Open(created.properties(), Collections.emptySortedMap(), position);
            return empty.toMembers(created.members(), List.of());
        }
    }

    /// A conversation that exists.
    ///
    /// @param members by user
    record Open(Properties properties, SortedMap<String, Membership> members, Position position)
            implements ConversationState {

        /// The conversation after this event.
        Open toAfter(NumberedEvent numbered) {
            Open there = new Open(properties, members, numbered.position());
            return switch (numbered.event()) {
                case MessageSent(var message, var joined) -> joined == null ? there : there.toMember(joined);
                case ConversationCreated created -> throw new BrokenInvariantException("A conversation begins once");
                case ConversationUpdated updated -> new Open(updated.properties(), members, numbered.position());
                case MembersAdded added -> there.toMembers(added.members(), List.of());
                case MemberRemoved removed -> there.toMembers(List.of(), List.of(removed.member()));
                case RoleChanged changed -> there.toMembers(List.of(changed.member()), List.of());
            };
        }

        /// The same conversation with another membership of somebody who is in it.
        Open toMember(Membership member) {
            return toMembers(List.of(member), List.of());
        }

        /// The same conversation, its deliveries made by the fanout application from now on.
        Open toLarge() {
            return new Open(properties.toLarge(), members, position);
        }

        private Open toMembers(List<Membership> put, List<Membership> removed) {
            SortedMap<String, Membership> next = new TreeMap<>(members);
            put.forEach(member -> next.put(member.userId(), member));
            removed.forEach(member -> next.remove(member.userId()));
            return new Open(properties, Collections.unmodifiableSortedMap(next), position);
        }
    }
}
