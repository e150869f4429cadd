package chat.milena.topology.delivery;

import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.Word;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The members of a large group before and after an event, and so its recipients. Pure.
///
/// Membership changes come in the same topic as the messages, in order, so that no member gets a message from
/// before they were added or after they left.
///
/// Each change of members lists all members after it, and so repairs wrong members here. Messages do not: most
/// events are messages, and the list would be most of each.
///
/// @param before the members until now
/// @param after the members from now on
/// @param goodbye whether the event goes to the members before it: a removed member is notified of the removal
record Roster(List<String> before, List<String> after, boolean goodbye) {

    /// The members before and after the event; null if they are unknown.
    ///
    /// @param known the members known here; null without any
    static @Nullable Roster of(@Nullable List<String> known, FanoutEvent fanout) {
        TimelineEvent event = fanout.getEvent();
        List<String> named =
                event.getParticipants().stream().map(Participant::getUserId).toList();
        List<String> members = fanout.getMembers();
        if (known == null) {
            return members == null ? null : of(with(members, named), members, event);
        }
        return of(known, members == null ? after(known, named, event) : members, event);
    }

    private static Roster of(List<String> before, List<String> after, TimelineEvent event) {
        return new Roster(before, after, kind(event) == EventKind.MEMBER_REMOVED);
    }

    private static List<String> after(List<String> before, List<String> named, TimelineEvent event) {
        return switch (kind(event)) {
            case MEMBER_ADDED -> with(before, named);
            case MEMBER_REMOVED -> {
                List<String> after = new ArrayList<>(before);
                after.removeAll(named);
                yield after;
            }
            case MESSAGE,
                    MESSAGE_EDITED,
                    MESSAGE_DELETED,
                    MESSAGE_RELEASED,
                    REACTION,
                    MESSAGE_PINNED,
                    CONVERSATION_CREATED,
                    CONVERSATION_UPDATED,
                    ROLE_CHANGED -> before;
        };
    }

    private static List<String> with(List<String> members, List<String> named) {
        Set<String> all = new LinkedHashSet<>(members);
        all.addAll(named);
        return List.copyOf(all);
    }

    /// A word of a later version changes no membership that this one knows.
    private static EventKind kind(TimelineEvent event) {
        return Word.parse(EventKind.class, event.getKind()).orElse(EventKind.MESSAGE);
    }
}
