package chat.milena.conversation.state;

import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.ThreadPlace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The present state of a message, without its content. Immutable.
///
/// @param expiresAt from then on it is no longer shown; null if it has no end of its own
/// @param wording what is known of its content
/// @param deleted the event that deleted it; null if it is there
/// @param place in the thread of another message; null if it is no reply
/// @param thread that it begins; null if it begins none
/// @param annotations what others added to it
public record MessageState(
        @Nullable Instant expiresAt,
        Wording wording,
        @Nullable EventTime deleted,
        @Nullable ThreadPlace place,
        @Nullable ThreadState thread,
        MessageAnnotations annotations) {

    /// What is known of the content of a message.
    ///
    /// @param revision how often it was edited
    /// @param contentHash stands for it; null once it is deleted
    /// @param edited the event that gave the message this content; null if it was not edited
    /// @param mentions whom it mentions; null if nobody
    public record Wording(
            long revision,
            @Nullable String contentHash,
            @Nullable EventTime edited,
            @Nullable Mentions mentions) {}

    /// Of a new message.
    public static MessageState sent(
            @Nullable Instant expiresAt, String contentHash, @Nullable Mentions mentions, @Nullable ThreadPlace place) {
        Wording wording = new Wording(0, contentHash, null, mentions);
        return new MessageState(expiresAt, wording, null, place, null, MessageAnnotations.NONE);
    }

    public long revision() {
        return wording.revision();
    }

    public @Nullable String contentHash() {
        return wording.contentHash();
    }

    public @Nullable EventTime edited() {
        return wording.edited();
    }

    public @Nullable Mentions mentions() {
        return wording.mentions();
    }

    public MessageState toEdited(String nextContentHash, @Nullable Mentions nextMentions, EventTime by) {
        Wording next = new Wording(revision() + 1, nextContentHash, by, nextMentions);
        return new MessageState(expiresAt, next, deleted, place, thread, annotations);
    }

    /// What was added to it goes with it.
    public MessageState toDeleted(EventTime by) {
        Wording next = new Wording(revision(), null, edited(), null);
        return new MessageState(expiresAt, next, by, place, thread, MessageAnnotations.NONE);
    }

    public MessageState toThread(ThreadState next) {
        return new MessageState(expiresAt, wording, deleted, place, next, annotations);
    }

    public MessageState toAnnotated(MessageAnnotations next) {
        return new MessageState(expiresAt, wording, deleted, place, thread, next);
    }
}
