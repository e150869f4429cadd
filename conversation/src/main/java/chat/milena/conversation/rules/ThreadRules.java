package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.INVALID_MESSAGE;
import static chat.milena.schemas.word.ErrorCode.MESSAGE_NOT_FOUND;

import chat.milena.conversation.command.Answer.Replied;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.rules.MessageChangeRules.MessageBounds;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.ThreadState;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.ThreadPlace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Decides on replies in threads. Pure.
///
/// A thread is of the message that begins it. Its replies have ordinals 1, 2, 3, ... without a gap, beside the numbers
/// that they take in the conversation. A reply begins no thread. What is unknown, deleted, expired or from before what
/// the sender may read takes no reply.
///
/// @param bounds how long messages are kept
record ThreadRules(MessageBounds bounds) {

    /// Where a reply would come.
    sealed interface Placing {}

    /// It is no reply.
    record NoReply() implements Placing {}

    /// It may come there.
    ///
    /// @param root the message that begins the thread
    record Reply(String rootId, FirstSend root, ThreadPlace place) implements Placing {

        /// The thread with it.
        ThreadState thread(String senderId, Instant at) {
            return ThreadState.after(threadOf(root), senderId, at);
        }
    }

    /// It must not come there.
    record Refused(Changes changes) implements Placing {}

    private static final Placing NO_REPLY = new NoReply();
    private static final Placing NO_SUCH_ROOT =
            new Refused(Changes.rejected(MESSAGE_NOT_FOUND, "threadOf: there is no such message"));
    private static final Placing REPLY_AS_ROOT =
            new Refused(Changes.rejected(INVALID_MESSAGE, "threadOf: a reply in a thread begins no thread"));

    /// @param wanted as the sender named it; null for a message that is no reply
    Placing place(Open open, Membership sender, @Nullable ThreadPlace wanted, Lookups lookups, Instant now) {
        if (wanted == null) {
            return NO_REPLY;
        }
        String rootId = wanted.getRoot().getMessageId();
        FirstSend root = bounds.standing(open, sender, rootId, lookups, now);
        if (root == null || root.state() == null) {
            return NO_SUCH_ROOT;
        }
        if (root.state().place() != null) {
            return REPLY_AS_ROOT;
        }
        ThreadState before = threadOf(root);
        return new Reply(
                rootId,
                root,
                new ThreadPlace(
                        new MessageReference(rootId, root.sequenceNumber()),
                        before == null ? 1 : before.replyCount() + 1,
                        wanted.getShowInConversation()));
    }

    /// The answer to a message that was accepted before; null if it is no reply.
    static @Nullable Replied replied(FirstSend message, Lookups lookups) {
        MessageState state = message.state();
        if (state == null || state.place() == null) {
            return null;
        }
        FirstSend root = lookups.message(state.place().getRoot().getMessageId());
        ThreadState thread = root == null ? null : threadOf(root);
        return thread == null ? null : new Replied(state.place().getOrdinal(), thread);
    }

    /// The thread that a message begins; null if there is none.
    static @Nullable ThreadState threadOf(FirstSend message) {
        return message.state() == null ? null : message.state().thread();
    }
}
