package chat.milena.syncapi.read;

import chat.milena.protocol.call.DeviceRecords;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.read.InboxLine;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to a read. `ReadCodec` carries it between instances.
///
/// @param <T> the type of the answer
public sealed interface ReadAnswer<T extends Record> {

    /// The answer.
    record Answered<T extends Record>(T value) implements ReadAnswer<T> {}

    /// The caller may not know, or there is nothing to know.
    record Refused<T extends Record>(ErrorCode code, String reason) implements ReadAnswer<T> {
        /// There is no message of this id, or the caller may not know it.
        static final Refused<?> NO_SUCH_MESSAGE =
                new Refused<>(ErrorCode.MESSAGE_NOT_FOUND, "messageId: there is no such message");

        public Refused(Refusal refusal) {
            this(refusal.code(), refusal.reason());
        }
    }

    /// The position of a line in an inbox.
    ///
    /// @param lastEventAt the order of the inbox; milliseconds since 1970
    /// @param bytesMax maximum size of the line
    /// @param messageOrdinal how many messages of it others have been shown
    record Placed(long lastEventAt, long bytesMax, long messageOrdinal) {}

    /// A draft.
    ///
    /// @param draft null for none
    record Drafted(InboxLine.@Nullable Draft draft) {}

    /// A user's unread messages in a conversation.
    ///
    /// @param mentions messages that mention the user or all
    record UnreadCounts(long messages, long mentions, boolean muted) {}

    /// Threads, in the order of their conversations.
    record FollowedList(List<Read.Followed> threads) {}

    /// How a thread stands.
    ///
    /// @param unread replies that its follower has not read
    /// @param lastReplyAt milliseconds since 1970
    /// @param muted whether its conversation is muted
    record ThreadUnread(long unread, long lastReplyAt, boolean muted) {}

    /// What decides whether a device of a user is notified of messages of a conversation.
    ///
    /// @param level of the conversation; null if the user is not a member
    /// @param blockedIds whom among the senders the user has blocked
    /// @param followedIds which of the threads the user follows
    record Notified(
            DeviceRecords.Kept device,
            Notifications.@Nullable ConversationNotifications level,
            Notifications.UserNotifications settings,
            List<String> blockedIds,
            List<String> followedIds) {}

    /// A user's own state of a conversation, without the draft.
    ///
    /// @param hiddenAtOrdinal how many messages there were when it was hidden; null if it is not
    /// @param clearedUpTo 0 for none
    /// @param draftChars length of the draft; 0 for none
    record Kept(
            String conversationId,
            boolean archived,
            boolean pinned,
            @Nullable Long hiddenAtOrdinal,
            long clearedUpTo,
            int draftChars) {}

    /// Users, in the order of their ids.
    record UserIds(List<String> userIds) {}

    /// Conversations, in the order of their ids.
    ///
    /// @param kept the user's own state of some of them
    record ConversationIds(List<String> conversationIds, List<Kept> kept) {}
}
