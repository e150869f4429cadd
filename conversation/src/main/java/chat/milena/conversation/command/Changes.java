package chat.milena.conversation.command;

import chat.milena.conversation.command.Change.Delivered;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.NumberedEvent;
import chat.milena.schemas.word.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of one command: it is applied as a whole, or not at all.
///
/// @param next the conversation afterwards; null if it did not change
/// @param list the changes, in order; empty without any
/// @param answer to the sender
/// @param shown the conversation that is shown with the answer and the events; null if clients know it already
public record Changes(
        @Nullable Open next,
        List<Change> list,
        Answer answer,
        @Nullable Open shown) {

    /// Events happened; clients are shown the conversation if one of them changes it.
    public static Changes of(Open next, List<Change> list, Answer answer) {
        return new Changes(next, list, answer, changesConversation(list) ? next : null);
    }

    /// Nothing changes.
    public static Changes none(Answer answer) {
        return new Changes(null, List.of(), answer, null);
    }

    /// Nothing changes, and the sender is shown the conversation as it is.
    public static Changes none(Answer answer, Open shown) {
        return new Changes(null, List.of(), answer, shown);
    }

    /// A rejection: nothing changes.
    ///
    /// @param reason for people; names the field, if one is wrong
    public static Changes rejected(ErrorCode code, String reason) {
        return none(new Answer.Rejected(code, reason));
    }

    /// The events among them, in the order of their numbers.
    public List<NumberedEvent> events() {
        return list.stream()
                .filter(Numbered.class::isInstance)
                .map(change -> ((Numbered) change).numbered())
                .toList();
    }

    /// Whether there is an event, so that the conversation's position moves.
    public boolean hasEvents() {
        for (Change change : list) {
            if (change instanceof Numbered) {
                return true;
            }
        }
        return false;
    }

    /// Whether an event changes the conversation itself.
    public boolean changesConversation() {
        return changesConversation(list);
    }

    private static boolean changesConversation(List<Change> list) {
        for (Change change : list) {
            if (change instanceof Numbered numbered && numbered.event().changesConversation()) {
                return true;
            }
        }
        return false;
    }

    /// The index of the first delivered change, which carries the answer; -1 if the answer goes alone.
    public int firstDelivered() {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Delivered) {
                return i;
            }
        }
        return -1;
    }
}
