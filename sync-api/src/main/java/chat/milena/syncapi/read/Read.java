package chat.milena.syncapi.read;

import chat.milena.protocol.call.DeviceRecords;
import chat.milena.protocol.call.Notifiable;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.read.Blocks;
import chat.milena.protocol.read.FollowedThreads;
import chat.milena.protocol.read.History;
import chat.milena.protocol.read.InboxLine;
import chat.milena.protocol.read.Members;
import chat.milena.protocol.read.MessageReactions;
import chat.milena.protocol.read.MessageReceipts;
import chat.milena.protocol.read.Pins;
import chat.milena.protocol.read.Receipts;
import chat.milena.protocol.read.SyncedConversation;
import chat.milena.protocol.timeline.Entry;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.ParameterizedType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request, answered where its key is. Immutable; `ReadCodec` carries it between instances. The caller has been
/// authenticated; the answering instance decides whether the caller may know.
///
/// @param <T> the type of the answer
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "read")
public sealed interface Read<T extends Record> {
    /// The type of its answer: the type argument of the interface that its record names first.
    @SuppressWarnings("unchecked")
    default Class<T> answerType() {
        return (Class<T>) ((ParameterizedType) getClass().getGenericInterfaces()[0]).getActualTypeArguments()[0];
    }

    /// An answer to this read, with its type; the answer to another read is rejected.
    default ReadAnswer<T> narrow(ReadAnswer<?> answer) {
        return switch (answer) {
            case ReadAnswer.Answered<?>(var value) ->
                new ReadAnswer.Answered<>(answerType().cast(value));
            case ReadAnswer.Refused<?>(var code, var reason) -> new ReadAnswer.Refused<>(code, reason);
        };
    }

    /// A request about one conversation, answered where the conversation is.
    sealed interface OfConversation<T extends Record> extends Read<T> {
        ConversationKey conversation();

        /// The caller.
        String userId();
    }

    /// The conversation as its members see it.
    record Describe(ConversationKey conversation, String userId) implements OfConversation<ConversationView> {}

    /// Its members, in the order of user ids.
    ///
    /// @param afterUserId those after this one; empty for all
    record MembersPage(ConversationKey conversation, String userId, String afterUserId, int limit)
            implements OfConversation<Members> {}

    /// The watermarks of its members, in the order of user ids after this one; empty for all.
    record ReceiptsPage(ConversationKey conversation, String userId, String afterUserId, int limit)
            implements OfConversation<Receipts> {}

    /// Its pinned messages.
    ///
    /// @param after those with a higher number
    /// @param bytesMax no further message that would bring the page above this many bytes
    record PinsPage(ConversationKey conversation, String userId, long after, long bytesMax)
            implements OfConversation<Pins> {}

    /// About one of its messages.
    sealed interface OfMessage<T extends Record> extends OfConversation<T> {
        Named message();
    }

    /// The name of a message, and its number if the caller knows it.
    record Named(String messageId, @Nullable Long sequenceNumber) {}

    /// The entry of a message.
    record OneMessage(ConversationKey conversation, String userId, Named message) implements OfMessage<Entry.Message> {}

    /// Who reacted to a message, with one emoji or any, after this user id.
    record ReactionsPage(
            ConversationKey conversation,
            String userId,
            Named message,
            @Nullable String emoji,
            String afterUserId) implements OfMessage<MessageReactions> {}

    /// How far a message has come with members after this user id.
    record MessageReceiptsPage(
            ConversationKey conversation, String userId, Named message, String afterUserId, int limit)
            implements OfMessage<MessageReceipts> {}

    /// A page of its timeline.
    ///
    /// @param edge newest first, the entries before this number; oldest first, those after it. At least 0
    /// @param bytesMax no further entry that would bring the page above this many bytes
    /// @param messagesOnly whether other entries are left out, and not counted
    /// @param moment in milliseconds, instead of the number, and like it; null for a number
    record HistoryPage(
            ConversationKey conversation,
            String userId,
            Order order,
            long edge,
            int limit,
            long bytesMax,
            boolean messagesOnly,
            @Nullable Long moment)
            implements OfConversation<History> {
        /// The edge of the newest page.
        public static final long END = Long.MAX_VALUE;
    }

    /// A page of the replies of the thread that a message begins, whose numbers are ordinals.
    ///
    /// @param edge newest first, the replies before this ordinal; oldest first, those after it. At least 0
    /// @param bytesMax no further entry that would bring the page above this many bytes
    record ThreadPage(
            ConversationKey conversation,
            String userId,
            Named message,
            Order order,
            long edge,
            int limit,
            long bytesMax)
            implements OfMessage<History> {}

    /// A thread that the asker follows, and how far they have read it.
    record Followed(String conversationId, String rootId, long rootSequence, long readUpToOrdinal) {}

    /// How a thread of it stands for the asker.
    record ThreadStand(ConversationKey conversation, String userId, Followed thread)
            implements OfConversation<ReadAnswer.ThreadUnread> {}

    /// The line of a thread of it among those that the asker follows.
    record ThreadLine(ConversationKey conversation, String userId, Followed thread)
            implements OfConversation<FollowedThreads.Line> {}

    /// The news in it since a number.
    ///
    /// @param lastSequence the last number that the caller has; at least 0
    /// @param limit maximum number of entries
    /// @param bytesMax no further entry that would bring the entries above this many bytes
    /// @param atLeastOne whether the first entry comes whatever its size
    record SyncOne(
            ConversationKey conversation,
            String userId,
            long lastSequence,
            int limit,
            long bytesMax,
            boolean atLeastOne)
            implements OfConversation<SyncedConversation> {}

    /// The recipients of the caller's typing in it, including the caller.
    ///
    /// @param limit of members; in a conversation with as many, all of them are the answer
    record TypingAudience(ConversationKey conversation, String userId, int limit)
            implements OfConversation<ReadAnswer.UserIds> {}

    /// The newest messages in it from behind a number up to another one, for a notification of the caller.
    ///
    /// @param releases the numbers of releases that notify although the message was shown before; null from earlier
    ///     versions
    record NotifiableIn(
            ConversationKey conversation,
            String userId,
            long after,
            long upTo,
            @Nullable List<Long> releases,
            int limit)
            implements OfConversation<Notifiable> {
        // Instances of the version before reject a field that they do not know.
        public NotifiableIn {
            releases = releases == null || releases.isEmpty() ? null : List.copyOf(releases);
        }
    }

    /// Its line in the caller's inbox.
    record Summary(ConversationKey conversation, String userId) implements OfConversation<InboxLine> {}

    /// The position of that line, if it is the caller's own. Cheap: an order needs it for all of them.
    record Place(ConversationKey conversation, String userId) implements OfConversation<ReadAnswer.Placed> {}

    /// The caller's unread messages in it.
    record UnreadOf(ConversationKey conversation, String userId) implements OfConversation<ReadAnswer.UnreadCounts> {}

    /// A request about one user, answered where the user is.
    sealed interface OfUser<T extends Record> extends Read<T> {
        UserKey user();
    }

    /// A request about the moderation of a tenant.
    sealed interface OfModeration<T extends Record> extends OfUser<T> permits ModerationRead {}

    /// A request of a moderator, who need not be a member.
    sealed interface OfModerator<T extends Record> extends OfConversation<T> permits ModerationRead.InContext {}

    /// The conversations of a user, in the order of their ids.
    ///
    /// @param afterConversationId those after this one; empty for all
    record Memberships(UserKey user, String afterConversationId, int limit)
            implements OfUser<ReadAnswer.ConversationIds> {}

    /// The conversations that a user has joined in, in the order of their ids.
    ///
    /// @param afterConversationId those after this one; empty for all
    record Joined(UserKey user, String afterConversationId, int limit) implements OfUser<ReadAnswer.ConversationIds> {}

    /// The profile of a user; the call that reads it has decided who may know.
    record Profile(UserKey user) implements OfUser<UserView> {}

    /// Whom among these a user has blocked.
    record Blocking(UserKey user, List<String> among) implements OfUser<ReadAnswer.UserIds> {}

    /// Whom a user has blocked.
    ///
    /// @param afterUserId those behind this one; empty for all
    record BlocksPage(UserKey user, String afterUserId, int limit) implements OfUser<Blocks> {}

    /// The registered devices of a user.
    record DevicesOf(UserKey user) implements OfUser<DeviceRecords.Registered> {}

    /// What is kept of a device of a user.
    record DeviceOf(UserKey user, String deviceId) implements OfUser<DeviceRecords.Kept> {}

    /// What a user is notified of.
    record SettingsOf(UserKey user) implements OfUser<Notifications.UserNotifications> {}

    /// What a user is notified of in a conversation of theirs.
    record LevelOf(UserKey user, String conversationId) implements OfUser<Notifications.ConversationNotifications> {}

    /// What decides whether a device of a user is notified of messages of a conversation, as far as the user has it.
    ///
    /// @param senderIds who wrote the messages
    /// @param rootIds the threads that they are replies in
    record NotifiedUser(
            UserKey user, String deviceId, String conversationId, List<String> senderIds, List<String> rootIds)
            implements OfUser<ReadAnswer.Notified> {}

    /// The user's draft in a conversation.
    record DraftOf(UserKey user, String conversationId) implements OfUser<ReadAnswer.Drafted> {}

    /// The threads that a user follows, at most `limit`.
    record FollowedBy(UserKey user, int limit) implements OfUser<ReadAnswer.FollowedList> {}

    /// The direction in which a timeline is walked.
    enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }
}
