package chat.milena.protocol.timeline;

import java.util.List;

/// An emoji of a message.
///
/// @param count how many people have it there
/// @param userIds who has it, oldest first: the first [#USERS_MAX]
/// @param mine whether the reader has it there
public record EmojiReactions(String emoji, int count, List<String> userIds, boolean mine) {
    /// How many people are named.
    public static final int USERS_MAX = 10;
}
