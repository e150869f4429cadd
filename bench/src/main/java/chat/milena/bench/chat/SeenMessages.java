package chat.milena.bench.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The latest messages of a conversation on a terminal, so that it can name them when they change. Thread-safe.
///
/// **Bound.** The latest thousand; older ones are dropped.
final class SeenMessages {
    private static final int MAX = 1_000;

    private final Map<String, String> senders = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX;
        }
    };

    private @Nullable String last;
    private @Nullable String lastOwn;

    synchronized void add(String messageId, String senderId) {
        senders.put(messageId, senderId);
        last = messageId;
    }

    synchronized void addOwn(String messageId, String userId) {
        add(messageId, userId);
        lastOwn = messageId;
    }

    /// The sender; null if the message was dropped.
    synchronized @Nullable String sender(@Nullable String messageId) {
        return messageId == null ? null : senders.get(messageId);
    }

    /// The latest message, of any sender; null if there is none.
    synchronized @Nullable String last() {
        return last;
    }

    /// The latest message of this terminal; null if there is none.
    synchronized @Nullable String lastOwn() {
        return lastOwn;
    }

    /// Forgets the latest message of this terminal.
    synchronized void forgetLastOwn() {
        lastOwn = null;
    }
}
