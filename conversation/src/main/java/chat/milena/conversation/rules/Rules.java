package chat.milena.conversation.rules;

import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.ConversationState;
import java.time.Instant;

/// Decides what a command does to a conversation. Pure: the same arguments always give the same changes.
@FunctionalInterface
public interface Rules {

    /// Decides.
    ///
    /// @param now the sequencer's clock; an event's time is this or, if that would go back, the last event's
    Changes decide(ConversationState state, Command command, Lookups lookups, Instant now);
}
