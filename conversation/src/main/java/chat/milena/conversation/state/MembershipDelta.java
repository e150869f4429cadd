package chat.milena.conversation.state;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an event does to the memberships of a conversation.
///
/// @param added those of the people who came in, by user
/// @param changed those that are other ones now, of people who are in
/// @param removed those of the people who went
public record MembershipDelta(List<Membership> added, List<Membership> changed, List<Membership> removed) {
    /// Of an event that leaves them all.
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

    /// Whether other people are in after it.
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
