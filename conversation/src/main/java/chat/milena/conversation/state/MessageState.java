package chat.milena.conversation.state;

import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.ThreadPlace;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The present state of a message, without its content. Immutable.
///
/// @param expiresAt from then on it is no longer shown; null if it has no end of its own
/// @param wording what is known of its content
/// @param deleted the event that deleted it; null if it is there
/// @param place in the thread of another message; null if it is no reply
/// @param thread that it begins; null if it begins none
/// @param annotations what others added to it
/// @param replyTo the message that it quotes; null if it quotes none
/// @param hold that it waits, or waited, for a moderator; null if it never did
public record MessageState(
        @Nullable Instant expiresAt,
        Wording wording,
        @Nullable EventTime deleted,
        @Nullable ThreadPlace place,
        @Nullable ThreadState thread,
        MessageAnnotations annotations,
        @Nullable MessageReference replyTo,
        @Nullable Hold hold) {

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
        return new MessageState(expiresAt, wording, null, place, null, MessageAnnotations.NONE, null, null);
    }

    /// The same message, which quotes another one.
    public MessageState toQuoting(@Nullable MessageReference next) {
        return new MessageState(expiresAt, wording, deleted, place, thread, annotations, next, hold);
    }

    /// Whether it waits for a moderator.
    public boolean isHeld() {
        return hold != null && hold.getReleasedBy() == 0 && deleted == null;
    }

    public MessageState toHold(@Nullable Hold next) {
        return new MessageState(expiresAt, wording, deleted, place, thread, annotations, replyTo, next);
    }

    public MessageState toPlace(@Nullable ThreadPlace next) {
        return new MessageState(expiresAt, wording, deleted, next, thread, annotations, replyTo, hold);
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
        return new MessageState(expiresAt, next, deleted, place, thread, annotations, replyTo, hold);
    }

    /// What was added to it goes with it. It waits no longer, so those who were shown it need not be named.
    public MessageState toDeleted(EventTime by) {
        Wording next = new Wording(revision(), null, edited(), null);
        Hold last = hold == null
                ? null
                : new Hold(
                        List.of(),
                        hold.getFromStart(),
                        hold.getReleasedBy(),
                        hold.getReleasedRevision(),
                        hold.getShownBefore());
        return new MessageState(expiresAt, next, by, place, thread, MessageAnnotations.NONE, replyTo, last);
    }

    public MessageState toThread(ThreadState next) {
        return new MessageState(expiresAt, wording, deleted, place, next, annotations, replyTo, hold);
    }

    public MessageState toAnnotated(MessageAnnotations next) {
        return new MessageState(expiresAt, wording, deleted, place, thread, next, replyTo, hold);
    }
}
