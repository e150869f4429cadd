package chat.milena.conversation.state;

import chat.milena.schemas.avro.Mentions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a message is now, but for its content. Immutable.
///
/// @param expiresAt from then on it is no longer shown; null if it has no end of its own
/// @param revision how often its content was edited
/// @param contentHash stands for its content; null once it is deleted
/// @param edited the event that gave it this content; null if it was not edited
/// @param deleted the event that deleted it; null if it is there
/// @param mentions whom it mentions; null if nobody
public record MessageState(
        @Nullable Instant expiresAt,
        long revision,
        @Nullable String contentHash,
        @Nullable EventTime edited,
        @Nullable EventTime deleted,
        @Nullable Mentions mentions) {

    /// Of a new message.
    public static MessageState sent(@Nullable Instant expiresAt, String contentHash, @Nullable Mentions mentions) {
        return new MessageState(expiresAt, 0, contentHash, null, null, mentions);
    }

    public MessageState toEdited(String nextContentHash, @Nullable Mentions nextMentions, EventTime by) {
        return new MessageState(expiresAt, revision + 1, nextContentHash, by, deleted, nextMentions);
    }

    public MessageState toDeleted(EventTime by) {
        return new MessageState(expiresAt, revision, null, edited, by, null);
    }
}
