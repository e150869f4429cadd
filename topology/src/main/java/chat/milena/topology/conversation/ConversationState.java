package chat.milena.topology.conversation;

import java.util.SortedMap;

/// A conversation before a command: not there yet, or open. Immutable.
///
/// ```text
///   Absent ──created──▶ Open ──message──▶ Open
/// ```
public sealed interface ConversationState {

    /// No such conversation.
    record Absent() implements ConversationState {

        Open toOpen(Properties properties, SortedMap<String, Membership> members, Position position) {
            return new Open(properties, members, position);
        }
    }

    /// A conversation that exists.
    ///
    /// @param members by user
    record Open(Properties properties, SortedMap<String, Membership> members, Position position)
            implements ConversationState {

        Open toPosition(Position next) {
            return new Open(properties, members, next);
        }
    }
}
