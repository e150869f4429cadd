package chat.milena.bench.answer;

import org.jspecify.annotations.Nullable;

/// One number of a conversation, from history or sync.
///
/// @param messageId null if the entry is not a message
/// @param kind `message`, `member.added` and so on
public record TimelineEntry(
        long sequenceNumber,
        @Nullable String messageId,
        @Nullable String kind) {

    boolean isMessage(String id) {
        return id.equals(messageId) && "message".equals(kind);
    }
}
