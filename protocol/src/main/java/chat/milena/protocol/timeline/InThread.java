package chat.milena.protocol.timeline;

import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.ThreadSummary;
import org.jspecify.annotations.Nullable;

/// How a message stands to threads. Its fields stand beside the message's own.
///
/// @param threadOf of a reply: the `messageId` of the message that begins the thread
/// @param threadSequence of a reply: the number of that message
/// @param threadOrdinal of a reply: which one it is, from 1 on without a gap; left out while it is held for a moderator
/// @param showInConversation of a reply: whether it is shown among the messages of the conversation too
/// @param thread of the message that begins a thread; in a frame of a reply, that thread
public record InThread(
        @Nullable String threadOf,
        @Nullable Long threadSequence,
        @Nullable Long threadOrdinal,
        @Nullable Boolean showInConversation,
        @Nullable ThreadView thread) {

    /// Of a message that is in no thread, and begins none.
    public static final InThread NONE = new InThread(null, null, null, null, null);

    /// Of a message with this place and this thread.
    public static InThread of(@Nullable ThreadPlace place, @Nullable ThreadSummary thread) {
        return place == null
                ? new InThread(null, null, null, null, ThreadView.of(thread))
                : new InThread(
                        place.getRoot().getMessageId(),
                        place.getRoot().getSequenceNumber(),
                        place.getOrdinal() == 0 ? null : place.getOrdinal(),
                        place.getShowInConversation(),
                        ThreadView.of(thread));
    }
}
