package chat.milena.bench.check;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A message as one reader has it. Immutable.
///
/// @param text a fingerprint of it; 0 without content
/// @param reactions how many users have each emoji
/// @param replies in the thread that it begins
public record FoldedMessage(long text, long revision, boolean deleted, Map<String, Long> reactions, long replies) {

    public FoldedMessage {
        reactions = Map.copyOf(reactions);
    }

    /// A message as it was sent; without text it was deleted since.
    static FoldedMessage sent(@Nullable String text) {
        return new FoldedMessage(fingerprint(text), 0, text == null, Map.of(), 0);
    }

    /// A message that was hidden until it was deleted.
    static FoldedMessage gone(long revision) {
        return new FoldedMessage(0, revision, true, Map.of(), 0);
    }

    /// A message that was hidden; without text it was deleted since.
    static FoldedMessage released(@Nullable String text, long revision, Map<String, Long> reactions, long replies) {
        return new FoldedMessage(fingerprint(text), revision, text == null, reactions, replies);
    }

    public static long fingerprint(@Nullable String text) {
        return text == null ? 0 : NumberLog.fingerprint(text);
    }

    FoldedMessage edited(String newText, long newRevision) {
        return deleted ? this : new FoldedMessage(fingerprint(newText), newRevision, false, reactions, replies);
    }

    FoldedMessage withRevision(long newRevision) {
        return new FoldedMessage(text, newRevision, deleted, reactions, replies);
    }

    FoldedMessage gone() {
        return new FoldedMessage(0, revision, true, Map.of(), replies);
    }

    FoldedMessage withReaction(String emoji, long count) {
        if (deleted) {
            return this;
        }
        SortedMap<String, Long> changed = new TreeMap<>(reactions);
        if (count == 0) {
            changed.remove(emoji);
        } else {
            changed.put(emoji, count);
        }
        return new FoldedMessage(text, revision, false, changed, replies);
    }

    FoldedMessage withReplies(long count) {
        return new FoldedMessage(text, revision, deleted, reactions, Math.max(replies, count));
    }
}
