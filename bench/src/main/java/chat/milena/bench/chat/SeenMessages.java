package chat.milena.bench.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The messages of a conversation that a terminal has seen last, so that it can name them when they change.
/// Thread-safe.
///
/// **Bound.** The latest thousand; what is older is forgotten.
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

    /// Who sent it; null if it is not known any longer.
    synchronized @Nullable String sender(@Nullable String messageId) {
        return messageId == null ? null : senders.get(messageId);
    }

    /// The message that was seen last, of any sender; null if there is none.
    synchronized @Nullable String last() {
        return last;
    }

    /// The message that this terminal sent last; null if there is none.
    synchronized @Nullable String lastOwn() {
        return lastOwn;
    }

    /// That message is gone.
    synchronized void forgetLastOwn() {
        lastOwn = null;
    }
}
