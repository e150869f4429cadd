package chat.milena.topology.fanout;

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

/// Who is in a large group before and after an event, and so who gets it. Pure.
///
/// Membership changes come in the same topic as the messages, in order, so that nobody gets a message from before they
/// came in or after they left.
///
/// Each change of members names all who are in from then on, and so mends whatever was wrong here before. Messages do
/// not: they are most, and the names of all members would be most of each.
///
/// @param before who was in the group until now
/// @param after who is in the group from now on
/// @param goodbye whether the event goes to the members before it: a removed member is notified of the removal
record Roster(List<String> before, List<String> after, boolean goodbye) {

    /// What the event makes of the group; null if nothing says who is in it.
    ///
    /// @param known who is in the group as far as is known here; null if nothing is
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

    /// A word of a later version changes no membership that this one knows of.
    private static EventKind kind(TimelineEvent event) {
        return Word.parse(EventKind.class, event.getKind()).orElse(EventKind.MESSAGE);
    }
}
