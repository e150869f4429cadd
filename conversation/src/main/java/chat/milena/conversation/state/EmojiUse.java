package chat.milena.conversation.state;

import java.util.ArrayList;
import java.util.List;

/// An emoji of a message: how many people have it there now, and who had it first. Immutable.
///
/// @param since the number of the event since which somebody has it; of use only while somebody does
/// @param userIds oldest first: all of them, or at least the first [#SHOWN_MAX]
public record EmojiUse(String emoji, int count, long since, List<String> userIds) {
    /// How many people an answer names.
    public static final int SHOWN_MAX = 10;

    /// How many are kept, so that others need not be looked for with each one who goes.
    public static final int KEPT_MAX = 2 * SHOWN_MAX;

    public EmojiUse {
        userIds = List.copyOf(userIds);
    }

    /// An emoji that nobody has yet.
    static EmojiUse unused(String emoji) {
        return new EmojiUse(emoji, 0, 0, List.of());
    }

    /// Whether nobody has it now.
    public boolean isUnused() {
        return count == 0;
    }

    EmojiUse with(String userId, long sequenceNumber) {
        List<String> next = new ArrayList<>(userIds);
        if (userIds.size() == count && count < KEPT_MAX) {
            next.add(userId);
        }
        return new EmojiUse(emoji, count + 1, isUnused() ? sequenceNumber : since, next);
    }

    EmojiUse without(String userId) {
        List<String> next = new ArrayList<>(userIds);
        next.remove(userId);
        return new EmojiUse(emoji, count - 1, since, next);
    }

    /// Whether it names too few, so that the others must be looked up.
    boolean lacksUsers() {
        return userIds.size() < Math.min(count, SHOWN_MAX);
    }

    EmojiUse of(List<String> oldest) {
        return new EmojiUse(emoji, count, since, oldest);
    }
}
