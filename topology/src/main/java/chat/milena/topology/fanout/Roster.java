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

/// Who is in a large group before and after an event, and so who must be told of it. Pure.
///
/// Membership changes come in the same topic as the messages, in order, so that nobody is served before they came in or
/// after they went.
///
/// @param told whom the event goes to: who is removed is told so
/// @param after who is in the group from now on
record Roster(List<String> told, List<String> after) {

    static Roster of(List<String> before, FanoutEvent fanout) {
        if (fanout.getMembers() != null) {
            return new Roster(fanout.getMembers(), fanout.getMembers());
        }
        TimelineEvent event = fanout.getEvent();
        List<String> named =
                event.getParticipants().stream().map(Participant::getUserId).toList();
        EventKind kind = Word.parse(EventKind.class, event.getKind()).orElse(EventKind.MESSAGE);
        return switch (kind) {
            case MEMBER_ADDED -> {
                Set<String> joined = new LinkedHashSet<>(before);
                joined.addAll(named);
                List<String> after = List.copyOf(joined);
                yield new Roster(after, after);
            }
            case MEMBER_REMOVED -> {
                List<String> after = new ArrayList<>(before);
                after.removeAll(named);
                yield new Roster(before, after);
            }
            case MESSAGE, CONVERSATION_CREATED, CONVERSATION_UPDATED, ROLE_CHANGED -> new Roster(before, before);
        };
    }
}
