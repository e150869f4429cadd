package chat.milena.protocol.timeline;

import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.EmojiUse;
import chat.milena.schemas.avro.MessagePin;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was added to a message, for one reader. Immutable.
///
/// @param byAll null if nothing was, or it is not known
/// @param own what the reader added; null likewise
public record Added(@Nullable Annotation byAll, @Nullable Annotation own) {
    /// Nothing, or nothing that is known.
    public static final Added NOTHING = new Added(null, null);

    /// The emoji that somebody has there now, in the order in which they came.
    List<EmojiReactions> reactions() {
        if (byAll == null) {
            return List.of();
        }
        List<EmojiUse> emojis = byAll.getEmojis();
        return emojis.stream()
                .filter(use -> use.getCount() > 0)
                .sorted(Comparator.comparingLong(EmojiUse::getSince))
                .map(use -> new EmojiReactions(
                        use.getEmoji(),
                        use.getCount(),
                        use.getUserIds().stream()
                                .limit(EmojiReactions.USERS_MAX)
                                .toList(),
                        isMine(emojis.indexOf(use))))
                .toList();
    }

    private boolean isMine(int place) {
        return own != null
                && own.getReactions().stream()
                        .anyMatch(reaction -> reaction.getEmoji() == place && !reaction.getRemoved());
    }

    /// The emoji of this place; null where it is not known, as of a message that was deleted.
    public @Nullable String emoji(int place) {
        return byAll == null || place >= byAll.getEmojis().size()
                ? null
                : byAll.getEmojis().get(place).getEmoji();
    }

    /// Whether the message is pinned; null if it is not.
    @Nullable
    Boolean pinned() {
        MessagePin pin = byAll == null ? null : byAll.getPin();
        boolean there = pin != null && !pin.getRemoved();
        return there ? true : null;
    }
}
