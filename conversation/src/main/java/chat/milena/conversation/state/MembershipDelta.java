package chat.milena.conversation.state;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The effect of an event on the memberships of a conversation.
///
/// @param added those of new members, by user
/// @param changed the changed ones of members who stay
/// @param removed those of members who left
public record MembershipDelta(List<Membership> added, List<Membership> changed, List<Membership> removed) {
    /// No effect.
    public static final MembershipDelta NONE = new MembershipDelta(List.of(), List.of(), List.of());

    static MembershipDelta added(List<Membership> added) {
        return new MembershipDelta(added, List.of(), List.of());
    }

    static MembershipDelta changed(Membership changed) {
        return new MembershipDelta(List.of(), List.of(changed), List.of());
    }

    static MembershipDelta removed(Membership removed) {
        return new MembershipDelta(List.of(), List.of(), List.of(removed));
    }

    /// Whether the set of members is different after it.
    public boolean changesWhoIsIn() {
        return !added.isEmpty() || !removed.isEmpty();
    }

    /// The members after it.
    ///
    /// @param members those before, by user
    SortedMap<String, Membership> appliedTo(SortedMap<String, Membership> members) {
        // Most messages change no membership.
        if (added.isEmpty() && changed.isEmpty() && removed.isEmpty()) {
            return members;
        }
        SortedMap<String, Membership> next = new TreeMap<>(members);
        added.forEach(member -> next.put(member.userId(), member));
        changed.forEach(member -> next.put(member.userId(), member));
        removed.forEach(member -> next.remove(member.userId()));
        return Collections.unmodifiableSortedMap(next);
    }
}
