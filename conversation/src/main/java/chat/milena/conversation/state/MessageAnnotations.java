package chat.milena.conversation.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What others added to a message. Immutable.
///
/// @param emojis each that was ever used, in the order of first use; events name it by its place here
/// @param pin null if it was never pinned
public record MessageAnnotations(
        List<EmojiUse> emojis, @Nullable MessagePin pin) {
    /// Different emoji that a message has at a time.
    public static final int EMOJIS_MAX = 20;

    /// Different emoji that a message had at any time: all of them are remembered for as long as it is kept.
    public static final int EMOJIS_EVER_MAX = 100;

    /// Pinned messages of a conversation.
    public static final int PINS_MAX = 50;

    /// Of a message that nobody added to.
    public static final MessageAnnotations NONE = new MessageAnnotations(List.of(), null);

    public MessageAnnotations {
        emojis = List.copyOf(emojis);
    }

    /// The place of an emoji; that behind all others if it was never used.
    public int place(String emoji) {
        for (int place = 0; place < emojis.size(); place++) {
            if (emojis.get(place).emoji().equals(emoji)) {
                return place;
            }
        }
        return emojis.size();
    }

    /// How many emoji somebody has there now.
    public long emojisInUse() {
        return emojis.stream().filter(use -> !use.isUnused()).count();
    }

    /// How many people have the emoji of this place now.
    public int count(int place) {
        return place < emojis.size() ? emojis.get(place).count() : 0;
    }

    /// The same once one more user has an emoji.
    ///
    /// @param sequenceNumber of the event
    public MessageAnnotations toReacted(String emoji, String userId, long sequenceNumber) {
        int place = place(emoji);
        List<EmojiUse> next = new ArrayList<>(emojis);
        if (place == next.size()) {
            next.add(EmojiUse.unused(emoji));
        }
        next.set(place, next.get(place).with(userId, sequenceNumber));
        return new MessageAnnotations(next, pin);
    }

    /// The same once a user who had an emoji has it no longer.
    ///
    /// @param others who has it besides, oldest first; asked for only where too few of them are known
    public MessageAnnotations toUnreacted(int place, String userId, Supplier<List<String>> others) {
        List<EmojiUse> next = new ArrayList<>(emojis);
        EmojiUse use = next.get(place).without(userId);
        next.set(place, use.lacksUsers() ? use.of(others.get()) : use);
        return new MessageAnnotations(next, pin);
    }

    public MessageAnnotations toPin(MessagePin nextPin) {
        return new MessageAnnotations(emojis, nextPin);
    }

    /// Whether it is pinned now.
    public boolean isPinned() {
        return pin != null && !pin.removed();
    }

    /// Whether a message is pinned, and by whom.
    ///
    /// @param by the event that made it so
    public record MessagePin(String userId, EventTime by, boolean removed) {}

    /// A message that is pinned, by its id and number.
    public record PinnedMessage(String messageId, long sequenceNumber) {}
}
