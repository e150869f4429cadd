package chat.milena.protocol.call;

import chat.milena.protocol.read.InboxLine;
import chat.milena.protocol.timeline.ThreadView;
import chat.milena.schemas.avro.FollowedThread;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/// The answers to calls that write, except the conversation itself. Times are in milliseconds since 1970.
public final class Done {
    private Done() {}

    /// A message has its number.
    ///
    /// @param duplicate whether it was accepted before; then the status is 409
    /// @param threadOrdinal of a reply in a thread: which one it is
    /// @param thread of a reply: its thread as it is now
    /// @param held `true` while it waits for a moderator; else left out
    public record Sent(
            String messageId,
            String conversationId,
            long sequenceNumber,
            long timestamp,
            boolean duplicate,
            @Nullable Long threadOrdinal,
            @Nullable ThreadView thread,
            @Nullable Boolean held) {}

    /// A change of a message has its number.
    ///
    /// @param duplicate whether the change was made before
    /// @param revision of an edited message
    /// @param held `true` while the edited message waits for a moderator; else left out
    public record Changed(
            String messageId,
            String conversationId,
            long sequenceNumber,
            long timestamp,
            boolean duplicate,
            @Nullable Long revision,
            @Nullable Boolean held) {}

    /// How the user follows a thread.
    ///
    /// @param threadOf the message that begins it
    /// @param threadSequence the number of that message
    /// @param followed whether the user follows it
    /// @param readUpToOrdinal replies up to this one are read
    public record Following(
            String conversationId, String threadOf, long threadSequence, boolean followed, long readUpToOrdinal) {

        /// As the sequencer says it.
        public static Following of(FollowedThread thread) {
            return new Following(
                    thread.getConversationId(),
                    thread.getRootId(),
                    thread.getRootSequence(),
                    thread.getFollowed(),
                    thread.getReadUpToOrdinal());
        }
    }

    /// The new read watermark of the user.
    public record ReadUpTo(String conversationId, long readUpToSequence) {}

    /// Whether a conversation is muted.
    ///
    /// @param mutedUntil left out if it is not muted
    public record Muted(
            String conversationId, boolean muted, @Nullable Long mutedUntil) {}

    /// The user has blocked somebody.
    public record Blocked(String userId, boolean blocked) {}

    /// What the user keeps of a conversation now.
    ///
    /// @param personal all of it
    public record Kept(String conversationId, @JsonUnwrapped InboxLine.Personal personal) {}

    /// A message is reported.
    ///
    /// @param duplicate whether the user had reported it before
    public record Reported(boolean duplicate) {}

    /// A moderator has decided on a message.
    ///
    /// @param until of a ban: when it ends by itself
    /// @param duplicate whether that was decided before
    public record Decided(
            String decisionId,
            String conversationId,
            String messageId,
            String action,
            @Nullable Long until,
            String decidedBy,
            long timestamp,
            boolean duplicate) {}
}
