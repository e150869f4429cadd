package chat.milena.protocol.read;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/// The unread messages of a user in all conversations.
///
/// @param totals of the conversations that are not muted
/// @param muted the same for muted conversations
public record UnreadTotals(@JsonUnwrapped Totals totals, Totals muted) {

    /// The unread messages in some conversations.
    ///
    /// @param conversations how many have unread messages
    /// @param messages unread messages
    /// @param mentions unread messages that mention this user or all
    /// @param threads followed threads with unread replies
    public record Totals(long conversations, long messages, long mentions, long threads) {
        /// No unread messages.
        public static final Totals NONE = new Totals(0, 0, 0, 0);

        /// The same with one more conversation.
        public Totals plus(long unread, long unreadMentions) {
            return new Totals(
                    conversations + (unread > 0 ? 1 : 0), messages + unread, mentions + unreadMentions, threads);
        }

        /// With one thread more that has unread replies.
        public Totals plusThread() {
            return new Totals(conversations, messages, mentions, threads + 1);
        }
    }
}
