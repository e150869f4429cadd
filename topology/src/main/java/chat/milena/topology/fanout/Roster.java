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
/// @param after who is in the group from now on
/// @param goodbye whether the event goes to who was in it before instead: who is removed is told so
record Roster(List<String> after, boolean goodbye) {

    static Roster of(List<String> before, FanoutEvent fanout) {
        if (fanout.getMembers() != null) {
            return new Roster(fanout.getMembers(), false);
        }
        TimelineEvent event = fanout.getEvent();
        List<String> named =
                event.getParticipants().stream().map(Participant::getUserId).toList();
        EventKind kind = Word.parse(EventKind.class, event.getKind()).orElse(EventKind.MESSAGE);
        return switch (kind) {
            case MEMBER_ADDED -> {
                Set<String> joined = new LinkedHashSet<>(before);
                joined.addAll(named);
                yield new Roster(List.copyOf(joined), false);
            }
            case MEMBER_REMOVED -> {
                List<String> after = new ArrayList<>(before);
                after.removeAll(named);
                yield new Roster(after, true);
            }
            case MESSAGE, CONVERSATION_CREATED, CONVERSATION_UPDATED, ROLE_CHANGED -> new Roster(before, false);
        };
    }
}
