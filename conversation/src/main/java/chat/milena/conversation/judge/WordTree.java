package chat.milena.conversation.judge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A set of phrases, each one word or more. A text is searched for all of them at the same time: for each of its
/// words, as far as the longest phrase goes.
final class WordTree {
    private final Map<String, WordTree> next = new HashMap<>();
    private boolean isEnd;

    /// Adds a phrase of these words.
    void add(List<String> phrase) {
        WordTree tree = this;
        for (String word : phrase) {
            tree = tree.next.computeIfAbsent(word, added -> new WordTree());
        }
        tree.isEnd = true;
    }

    /// Whether one of the phrases is among these words, one word after the other.
    boolean isIn(List<String> words) {
        for (int from = 0; from < words.size(); from++) {
            WordTree tree = next.get(words.get(from));
            for (int at = from + 1; tree != null; at++) {
                if (tree.isEnd) {
                    return true;
                }
                tree = at < words.size() ? tree.next.get(words.get(at)) : null;
            }
        }
        return false;
    }
}
