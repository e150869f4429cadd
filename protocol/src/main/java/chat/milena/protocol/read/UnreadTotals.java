package chat.milena.protocol.read;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/// What somebody has not read in all of their conversations.
///
/// @param totals of the conversations that are not muted
/// @param muted the same of the conversations that are muted
public record UnreadTotals(@JsonUnwrapped Totals totals, Totals muted) {

    /// What is unread in some conversations.
    ///
    /// @param conversations how many have unread messages
    /// @param messages unread messages
    /// @param mentions unread messages that mention this user, or everybody
    public record Totals(long conversations, long messages, long mentions) {
        /// Nothing.
        public static final Totals NONE = new Totals(0, 0, 0);

        /// With one conversation more.
        public Totals plus(long unread, long unreadMentions) {
            return new Totals(conversations + (unread > 0 ? 1 : 0), messages + unread, mentions + unreadMentions);
        }
    }
}
