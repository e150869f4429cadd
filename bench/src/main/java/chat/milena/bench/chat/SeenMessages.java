package chat.milena.bench.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The latest messages of a conversation on a terminal, so that it can name them when they change. Thread-safe.
///
/// **Bound.** The latest thousand; older ones are dropped.
final class SeenMessages {
    private static final int MAX = 1_000;

    /// A message.
    ///
    /// @param threadOf the message that begins the thread in which it is a reply; null if it is none
    record Seen(String messageId, String senderId, @Nullable String threadOf) {}

    private final Map<String, Seen> messages = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > MAX;
        }
    };

    private @Nullable Seen last;
    private @Nullable Seen lastOther;
    private @Nullable Seen lastOwn;

    /// A message of another, or of this user on another device.
    synchronized void add(Seen message) {
        messages.put(message.messageId(), message);
        last = message;
        lastOther = message;
    }

    /// A message of this terminal.
    synchronized void addOwn(Seen message) {
        messages.put(message.messageId(), message);
        last = message;
        lastOwn = message;
    }

    /// The sender; null if the message was dropped.
    synchronized @Nullable String sender(@Nullable String messageId) {
        Seen message = messageId == null ? null : messages.get(messageId);
        return message == null ? null : message.senderId();
    }

    /// The latest message, of any sender; null if there is none.
    synchronized @Nullable Seen last() {
        return last;
    }

    /// The latest message that is not of this terminal; null if there is none.
    synchronized @Nullable Seen lastOther() {
        return lastOther;
    }

    /// The latest message of this terminal; null if there is none.
    synchronized @Nullable Seen lastOwn() {
        return lastOwn;
    }

    /// Forgets the latest message of this terminal.
    synchronized void forgetLastOwn() {
        lastOwn = null;
    }
}
