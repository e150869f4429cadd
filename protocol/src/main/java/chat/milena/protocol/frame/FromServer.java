package chat.milena.protocol.frame;

import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.read.InboxLine;
import chat.milena.protocol.read.SyncResult;
import chat.milena.protocol.timeline.Disclosed;
import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.InThread;
import chat.milena.protocol.timeline.MessageContent;
import chat.milena.protocol.timeline.NumberRange;
import chat.milena.protocol.timeline.Quote;
import chat.milena.protocol.timeline.ThreadView;
import chat.milena.schemas.avro.NotificationSettings;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A frame of the server without its `type` and `id`. Times are in milliseconds since 1970.
public sealed interface FromServer {

    /// The value of the frame's `type`.
    default ServerFrameType type() {
        return ServerFrameType.of(getClass());
    }

    /// Frames whose fields are beside `type` and `id`; all others have a `payload`.
    sealed interface Flat extends FromServer {}

    /// The first frame. Everything that commits from here on is delivered and, if `resumed` is true, everything
    /// missed before.
    ///
    /// @param heartbeatInterval milliseconds
    /// @param resumeToken empty if the connection cannot be resumed
    /// @param resumed whether all missed frames follow
    /// @param featureLevel the features of this installation
    /// @param route a hint for proxies, to bring as `route` with the next connection
    record Connected(
            String connectionId,
            long serverTime,
            long heartbeatInterval,
            String resumeToken,
            boolean resumed,
            int featureLevel,
            String route)
            implements Flat {}

    /// Answers a `heartbeat`.
    ///
    /// @param resumeToken covers all frames before this one
    record Heartbeat(long serverTime, @Nullable String resumeToken) implements Flat {}

    /// Answers a frame that has no other answer.
    record Ok() implements Flat {}

    /// Answers a rejected frame.
    ///
    /// @param message for developers; starts with the path of the wrong field
    /// @param retryAfter seconds
    /// @param limit with `RATE_LIMITED`: the limit in words
    /// @param revision with `CONFLICT`: the revision that the message has
    /// @param ban of a banned user: that, and when it ends
    record Refused(
            ErrorCode error,
            String message,
            @Nullable Long retryAfter,
            @Nullable String limit,
            @Nullable Long revision,
            @JsonUnwrapped CallRefused.@Nullable Ban ban)
            implements FromServer {}

    /// A message, or a change of one, is committed and has its number.
    ///
    /// @param duplicate whether it was committed before
    /// @param revision of an edited message
    /// @param threadOrdinal of a reply in a thread: which one it is
    /// @param thread of a reply: its thread as it is now
    /// @param held `true` while the message waits for a moderator; else left out
    record MessageAck(
            String messageId,
            String conversationId,
            long sequenceNumber,
            long timestamp,
            boolean duplicate,
            @Nullable Long revision,
            @Nullable Long threadOrdinal,
            @Nullable ThreadView thread,
            @Nullable Boolean held)
            implements FromServer {}

    /// A new message. Sent to every device of every member except the sending one. Of a hidden one there are
    /// `conversationId`, `sequenceNumber`, `timestamp` and `hidden` alone.
    ///
    /// @param replyTo the message that it quotes
    /// @param inThread of a reply: its place, and the thread
    /// @param held `true` if it waits for a moderator; else left out
    /// @param hidden `true` for those who are not shown it while it waits; else left out
    record MessageNew(
            @Nullable String messageId,
            String conversationId,
            @Nullable String senderId,
            @Nullable MessageContent content,
            long sequenceNumber,
            long timestamp,
            @Nullable Long expiresAt,
            @Nullable Quote replyTo,
            @JsonUnwrapped InThread inThread,
            @Nullable Boolean held,
            @Nullable Boolean hidden)
            implements FromServer {}

    /// A message was edited, or released by a moderator. Sent to every device of every member except the editing
    /// one. Of an edit of a message that they were never shown, others get `conversationId`, `sequenceNumber`,
    /// `targetSequence`, `timestamp` and `hidden` alone.
    ///
    /// @param messageId left out for those who were never shown the message
    /// @param sequenceNumber of this change
    /// @param targetSequence of the message
    /// @param content left out for members who may not read the message, or are not shown it while it waits
    /// @param revision left out as `messageId` is
    /// @param editedAt left out as `messageId` is, and of a released message that was never edited
    /// @param held `true` if it waits for a moderator since this edit, or still; else left out
    /// @param hidden `true` for those who are not shown it while it waits; else left out
    /// @param released `true` if it waits no longer; else left out
    /// @param disclosed of a released message: all other fields of a `message.new`
    record MessageUpdated(
            String conversationId,
            @Nullable String messageId,
            long sequenceNumber,
            long targetSequence,
            long timestamp,
            @Nullable MessageContent content,
            @Nullable Long revision,
            @Nullable Long editedAt,
            @Nullable Boolean held,
            @Nullable Boolean hidden,
            @Nullable Boolean released,
            @JsonUnwrapped @Nullable Disclosed disclosed)
            implements FromServer {}

    /// A message was deleted. Sent to every device of every member except the deleting one.
    ///
    /// @param sequenceNumber of this change
    /// @param targetSequence of the message
    /// @param revision of a message that waited for a moderator, like `editedAt`
    /// @param disclosed of a message that waited for a moderator: what others were not shown, but the content
    record MessageDeleted(
            String conversationId,
            String messageId,
            long sequenceNumber,
            long targetSequence,
            long timestamp,
            String deletedBy,
            @Nullable String reason,
            @Nullable Long revision,
            @Nullable Long editedAt,
            @JsonUnwrapped @Nullable Disclosed disclosed)
            implements FromServer {}

    /// A user added an emoji to a message or removed it. Sent to every device of every member except the acting one.
    /// In a large group it stands for all reactions to the message within a short time, without their users.
    ///
    /// @param sequenceNumber of this change; in a large group of the latest of them
    /// @param targetSequence of the message
    /// @param userId left out in a large group, like `emoji`, `removed` and `count`
    /// @param emoji left out for members who may not read the message, like `count`
    /// @param count how many users have that emoji there now
    /// @param reactions in a large group: each emoji that changed; left out for members who may not read the
    ///     message
    /// @param sequenceNumbers in a large group: the numbers of all changes that it stands for
    record MessageReaction(
            String conversationId,
            String messageId,
            long sequenceNumber,
            long targetSequence,
            long timestamp,
            @Nullable String userId,
            @Nullable String emoji,
            @Nullable Boolean removed,
            @Nullable Integer count,
            @Nullable List<EmojiCount> reactions,
            @Nullable List<Long> sequenceNumbers)
            implements FromServer {
        /// How often an emoji is used on a message.
        ///
        /// @param count how many users have it there now
        public record EmojiCount(String emoji, int count) {}
    }

    /// A message was pinned or unpinned. Sent to every device of every member except the acting one.
    ///
    /// @param sequenceNumber of this change
    /// @param targetSequence of the message
    /// @param userId the acting user
    record MessagePinned(
            String conversationId,
            String messageId,
            long sequenceNumber,
            long targetSequence,
            long timestamp,
            String userId,
            boolean removed)
            implements FromServer {}

    /// The entries of a conversation that this client missed.
    ///
    /// @param messages at most 50 entries, oldest first
    /// @param expired numbers of messages that are no longer shown; left out if there are none
    record MessagesOffline(
            String conversationId,
            List<Entry> messages,
            @Nullable List<NumberRange> expired) implements FromServer {}

    /// All messages up to this number are on a device of this member.
    ///
    /// @param messageIds the messages that the receipt named
    record MessageDelivered(
            String conversationId,
            List<String> messageIds,
            long deliveredUpToSequence,
            String deliveredTo,
            long timestamp)
            implements FromServer {}

    /// This member, or this user on another device, has read up to this number. Those messages are delivered as
    /// well.
    record MessageReadReceipt(String conversationId, long readUpToSequence, String readBy, long timestamp)
            implements FromServer {}

    /// A conversation is new, or new to this user.
    ///
    /// @param conversation the conversation
    record ConversationCreated(@JsonUnwrapped ConversationView conversation, long sequenceNumber)
            implements FromServer {}

    /// The profile, settings, members or roles of a conversation changed.
    ///
    /// @param conversation the conversation
    record ConversationUpdated(@JsonUnwrapped ConversationView conversation, long sequenceNumber)
            implements FromServer {}

    /// This user left or was removed. Nothing of the conversation follows, unless the user is added again.
    record ConversationLeft(String conversationId, long sequenceNumber) implements FromServer {}

    /// The profile of this user, or of a watched one, has changed.
    ///
    /// @param user the whole profile
    record UserUpdated(@JsonUnwrapped UserView user) implements FromServer {}

    /// Frames that protect people.
    sealed interface OfSafety extends FromServer
            permits SafetyFrames.BlockUpdated, SafetyFrames.BanUpdated, SafetyFrames.ModerationWarning {}

    /// A device of this user was registered for push, no longer is, or was signed out.
    ///
    /// @param removed whether it was signed out; `~` and a connection stand for one without a device
    record DeviceUpdated(String deviceId, boolean removed) implements FromServer {}

    /// This user, on whichever device, is to be notified of something else by push.
    ///
    /// @param conversationId the conversation whose level changed; left out for the settings of the user
    /// @param level `all`, `mentions` or `none`; null for a conversation that follows the settings of the user
    /// @param preview left out for a conversation
    /// @param quietHours left out for a conversation, and without any
    record NotificationsUpdated(
            @Nullable String conversationId,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String level,

            @Nullable String preview,
            Notifications.@Nullable QuietHours quietHours)
            implements FromServer {

        /// The frame of the settings of the user.
        public static ServerFrame of(NotificationSettings stored) {
            Notifications.UserNotifications shown = Notifications.UserNotifications.of(stored);
            return ServerFrame.of(new NotificationsUpdated(null, shown.level(), shown.preview(), shown.quietHours()));
        }

        /// The frame of the level of a conversation, which is empty for the settings of the user.
        public static ServerFrame of(String conversationId, String level) {
            return ServerFrame.of(new NotificationsUpdated(conversationId, level.isEmpty() ? null : level, null, null));
        }
    }

    /// This user, on whichever device, keeps something else of the conversation.
    ///
    /// @param personal all that they keep of it
    record ConversationPersonal(
            String conversationId, @JsonUnwrapped InboxLine.Personal personal) implements FromServer {}

    /// This user, on whichever device, follows a thread, follows it no longer or has read more of it.
    ///
    /// @param following how the user follows the thread
    record ThreadUpdated(@JsonUnwrapped Done.Following following) implements FromServer {}

    /// Answers a `presence.subscribe`.
    ///
    /// @param presences for each user `userId`, `status`, `lastSeen`, `deviceType?`, `typingIn`
    record PresenceBulk(List<Presence> presences) implements FromServer {}

    /// The presence of a watched user has changed.
    ///
    /// @param presence the fields of one presence
    record PresenceUpdate(@JsonUnwrapped Presence presence) implements FromServer {}

    /// A member starts or stops typing.
    record TypingUpdate(String conversationId, String userId, boolean isTyping) implements FromServer {}

    /// The token expires soon: a minute before its end, or at half of a shorter life.
    record TokenExpiring(long expiresAt) implements FromServer {}

    /// The server stops; close 1012 follows.
    ///
    /// @param reconnectAfterMs different for each client
    record ServerDraining(long reconnectAfterMs) implements FromServer {}

    /// Answers a `sync`.
    ///
    /// @param result the answer of `POST /api/v1/sync`
    record SyncAnswer(@JsonUnwrapped SyncResult result) implements FromServer {}

    /// This client reads too slowly, and frames of these conversations were dropped.
    record Resync(List<String> conversationIds) implements FromServer {}
}
