package chat.milena.standalone.e2e;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What was found to break the protocol's promises: how often, and the first of each kind in words. Safe for all
/// threads.
final class Violations {
    private static final int WORDS_MAX = 5;

    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final List<String> words = new ArrayList<>();

    enum Kind {
        /// Acked, and a device of a member does not have it.
        LOST,
        /// Twice on one connection, or one message under two numbers.
        DOUBLED,
        /// Behind one that comes after it.
        OUT_OF_ORDER,
        /// A number was passed over without a word.
        GAP,
        /// A number or a message that was something else before.
        RENUMBERED,
        /// A receipt that went back, or is less than was confirmed.
        RECEIPT_BACK,
        /// Not 0 ≤ read ≤ delivered ≤ last.
        RECEIPT_RANGE,
        /// Something that the protocol does not answer like this.
        ANSWER
    }

    synchronized void add(Kind kind, String text) {
        if (counts.merge(kind, 1, Integer::sum) <= WORDS_MAX) {
            words.add(kind + ": " + text);
        }
    }

    synchronized int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    synchronized boolean isEmpty() {
        return counts.isEmpty();
    }

    @Override
    public synchronized String toString() {
        return counts + "\n" + String.join("\n", words);
    }
}
