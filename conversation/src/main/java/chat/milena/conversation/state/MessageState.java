package chat.milena.conversation.state;

import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.ThreadPlace;
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
/// @param place in the thread of another message; null if it is no reply
/// @param thread that it begins; null if it begins none
/// @param annotations what others added to it
public record MessageState(
        @Nullable Instant expiresAt,
        long revision,
        @Nullable String contentHash,
        @Nullable EventTime edited,
        @Nullable EventTime deleted,
        @Nullable Mentions mentions,
        @Nullable ThreadPlace place,
        @Nullable ThreadState thread,
        MessageAnnotations annotations) {

    /// Of a new message.
    public static MessageState sent(
            @Nullable Instant expiresAt, String contentHash, @Nullable Mentions mentions, @Nullable ThreadPlace place) {
        return new MessageState(expiresAt, 0, contentHash, null, null, mentions, place, null, MessageAnnotations.NONE);
    }

    public MessageState toEdited(String nextContentHash, @Nullable Mentions nextMentions, EventTime by) {
        return new MessageState(
                expiresAt, revision + 1, nextContentHash, by, deleted, nextMentions, place, thread, annotations);
    }

    /// What was added to it goes with it.
    public MessageState toDeleted(EventTime by) {
        return new MessageState(expiresAt, revision, null, edited, by, null, place, thread, MessageAnnotations.NONE);
    }

    public MessageState toThread(ThreadState next) {
        return new MessageState(expiresAt, revision, contentHash, edited, deleted, mentions, place, next, annotations);
    }

    public MessageState toAnnotated(MessageAnnotations next) {
        return new MessageState(expiresAt, revision, contentHash, edited, deleted, mentions, place, thread, next);
    }
}
