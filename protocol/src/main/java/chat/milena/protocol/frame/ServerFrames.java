package chat.milena.protocol.frame;

import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.call.Done;
import chat.milena.protocol.call.ServerInfo;
import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.frame.FromServer.MessageReaction.EmojiCount;
import chat.milena.protocol.read.InboxLine;
import chat.milena.protocol.read.SyncResult;
import chat.milena.protocol.timeline.Added;
import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.Held;
import chat.milena.protocol.timeline.NumberRange;
import chat.milena.protocol.timeline.ThreadView;
import chat.milena.schemas.avro.ChangedDevice;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.MessageDraft;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.avro.ShownReaction;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.OutcomeStatus;
import chat.milena.schemas.word.ReceiptKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes frames from records of the log, and decides which of them may be dropped. Pure.
public final class ServerFrames {
    /// The path of a field before a colon.
    private static final Pattern FIELD = Pattern.compile("[A-Za-z]+(\\.[A-Za-z]+|\\[[0-9]+])*: ");

    private ServerFrames() {}

    /// The first frame of a connection.
    ///
    /// @param resumeToken null if the connection cannot be resumed
    /// @param featureLevel at most [ServerInfo#FEATURE_LEVEL]
    public static ServerFrame connected(
            String connectionId,
            Instant serverTime,
            Duration heartbeatInterval,
            @Nullable String resumeToken,
            boolean resumed,
            int featureLevel,
            String route) {
        return ServerFrame.of(new FromServer.Connected(
                connectionId,
                serverTime.toEpochMilli(),
                heartbeatInterval.toMillis(),
                resumeToken == null ? "" : resumeToken,
                resumed,
                featureLevel,
                route));
    }

    /// The answer to a heartbeat.
    ///
    /// @param resumeToken covers all frames before this one; left out if null
    public static ServerFrame heartbeat(@Nullable String id, Instant serverTime, @Nullable String resumeToken) {
        return ServerFrame.answer(new FromServer.Heartbeat(serverTime.toEpochMilli(), resumeToken), id);
    }

    /// The answer to a frame that has no other.
    public static ServerFrame ok(@Nullable String id) {
        return ServerFrame.answer(new FromServer.Ok(), id);
    }

    /// A rejection.
    public static ServerFrame error(@Nullable String id, ErrorCode code, String message) {
        return error(id, code, message, null);
    }

    /// A rejection.
    ///
    /// @param retryAfter when a retry makes sense; sent in whole seconds
    public static ServerFrame error(
            @Nullable String id, ErrorCode code, String message, @Nullable Duration retryAfter) {
        return error(id, code, message, null, retryAfter);
    }

    /// A rejection.
    ///
    /// @param limit the exceeded limit in words, if there is one
    public static ServerFrame error(
            @Nullable String id,
            ErrorCode code,
            String message,
            @Nullable String limit,
            @Nullable Duration retryAfter) {
        Long seconds = retryAfter == null ? null : Math.max(1, retryAfter.toSeconds());
        return ServerFrame.answer(new FromServer.Refused(code, message, seconds, limit, null, null), id);
    }

    /// A rejection by the sequencer.
    ///
    /// @param message in the words of the sequencer, which names fields without the payload around them
    /// @param outcome with the details of the reason
    public static ServerFrame rejected(@Nullable String id, ErrorCode code, String message, CommandOutcome outcome) {
        String named = FIELD.matcher(message).lookingAt() ? "payload." + message : message;
        return ServerFrame.answer(
                new FromServer.Refused(
                        code,
                        named,
                        outcome.getLimit() == null ? null : outcome.getRetryAfter(),
                        outcome.getLimit(),
                        outcome.getRevision(),
                        CallRefused.Ban.of(outcome)),
                id);
    }

    /// The answer to a committed message or change of a message, now or before.
    public static ServerFrame messageAck(@Nullable String id, String conversationId, CommandOutcome outcome) {
        return ServerFrame.answer(
                new FromServer.MessageAck(
                        outcome.getMessageId(),
                        conversationId,
                        outcome.getSequenceNumber(),
                        outcome.getTimestamp().toEpochMilli(),
                        outcome.getStatus().equals(OutcomeStatus.DUPLICATE.word()),
                        outcome.getRevision(),
                        outcome.getThread() == null ? null : outcome.getThreadOrdinal(),
                        ThreadView.of(outcome.getThread()),
                        outcome.getHeld() ? true : null),
                id);
    }

    /// The answer to a sync.
    public static ServerFrame syncResult(@Nullable String id, SyncResult result) {
        return ServerFrame.answer(new FromServer.SyncAnswer(result), id);
    }

    /// A reaction, for everyone but the device that made it. May be dropped.
    ///
    /// @param reaction null for who may not read the message
    public static ServerFrame messageReaction(TimelineEvent event, @Nullable ShownReaction reaction) {
        MessageChange change = event.getChange();
        return ServerFrame.droppable(
                new FromServer.MessageReaction(
                        event.getConversationId(),
                        change.getMessageId(),
                        event.getSequenceNumber(),
                        change.getTargetSequence(),
                        event.getTimestamp().toEpochMilli(),
                        event.getActorId(),
                        reaction == null ? null : reaction.getEmoji(),
                        change.getRemoved(),
                        reaction == null ? null : reaction.getCount(),
                        null,
                        null),
                event.getConversationId());
    }

    /// Reactions to one message of a large group, for everyone. May be dropped.
    ///
    /// @param latest the last of them
    /// @param numbers of all of them
    /// @param counts of each emoji that changed; null for who may not read the message
    public static ServerFrame messageReactions(
            TimelineEvent latest, List<Long> numbers, @Nullable Map<String, Integer> counts) {
        MessageChange change = latest.getChange();
        return ServerFrame.droppable(
                new FromServer.MessageReaction(
                        latest.getConversationId(),
                        change.getMessageId(),
                        latest.getSequenceNumber(),
                        change.getTargetSequence(),
                        latest.getTimestamp().toEpochMilli(),
                        null,
                        null,
                        null,
                        null,
                        counts == null
                                ? null
                                : counts.entrySet().stream()
                                        .map(use -> new EmojiCount(use.getKey(), use.getValue()))
                                        .toList(),
                        numbers),
                latest.getConversationId());
    }

    /// That a message is pinned, or no longer, for everyone but the device that did it. May be dropped.
    public static ServerFrame messagePinned(TimelineEvent event) {
        MessageChange change = event.getChange();
        return ServerFrame.droppable(
                new FromServer.MessagePinned(
                        event.getConversationId(),
                        change.getMessageId(),
                        event.getSequenceNumber(),
                        change.getTargetSequence(),
                        event.getTimestamp().toEpochMilli(),
                        event.getActorId(),
                        change.getRemoved()),
                event.getConversationId());
    }

    /// Missed entries of one conversation, oldest first. May be dropped.
    ///
    /// @param userId the recipient
    /// @param expired numbers of messages that are no longer shown
    public static ServerFrame messagesOffline(
            String conversationId, String userId, List<TimelineEvent> entries, List<Long> expired) {
        return ServerFrame.droppable(
                new FromServer.MessagesOffline(
                        conversationId,
                        entries.stream()
                                .map(entry -> Held.hides(entry, userId)
                                        ? Held.hidden(entry)
                                        : Entry.of(entry, Added.NOTHING, null, null))
                                .toList(),
                        expired.isEmpty()
                                ? null
                                : expired.stream()
                                        .map(number -> new NumberRange(number, number))
                                        .toList()),
                conversationId);
    }

    /// A moved watermark. May be dropped.
    public static ServerFrame receipt(ReceiptKind kind, String conversationId, MovedReceipt receipt) {
        long timestamp = receipt.getTimestamp().toEpochMilli();
        return ServerFrame.droppable(
                switch (kind) {
                    case DELIVERED ->
                        new FromServer.MessageDelivered(
                                conversationId,
                                receipt.getMessageIds(),
                                receipt.getUpToSequence(),
                                receipt.getUserId(),
                                timestamp);
                    case READ ->
                        new FromServer.MessageReadReceipt(
                                conversationId, receipt.getUpToSequence(), receipt.getUserId(), timestamp);
                },
                conversationId);
    }

    /// A new conversation for its members, or an existing one for a new member. May be dropped.
    public static ServerFrame conversationCreated(TimelineEvent event, ConversationSnapshot conversation) {
        return ServerFrame.droppable(
                new FromServer.ConversationCreated(view(event, conversation), event.getSequenceNumber()),
                event.getConversationId());
    }

    /// A conversation after a change. May be dropped.
    public static ServerFrame conversationUpdated(TimelineEvent event, ConversationSnapshot conversation) {
        return ServerFrame.droppable(
                new FromServer.ConversationUpdated(view(event, conversation), event.getSequenceNumber()),
                event.getConversationId());
    }

    private static ConversationView view(TimelineEvent event, ConversationSnapshot conversation) {
        return ConversationView.of(event.getConversationId(), conversation);
    }

    /// The end of a conversation for a member who left or was removed. May be dropped.
    public static ServerFrame conversationLeft(TimelineEvent event) {
        return ServerFrame.droppable(
                new FromServer.ConversationLeft(event.getConversationId(), event.getSequenceNumber()),
                event.getConversationId());
    }

    /// A warning that the token expires soon.
    public static ServerFrame tokenExpiring(Instant expiresAt) {
        return ServerFrame.of(new FromServer.TokenExpiring(expiresAt.toEpochMilli()));
    }

    /// A request to reconnect after this time.
    public static ServerFrame serverDraining(Duration reconnectAfter) {
        return ServerFrame.of(new FromServer.ServerDraining(reconnectAfter.toMillis()));
    }

    /// The conversations whose frames were dropped.
    public static ServerFrame resync(Collection<String> conversationIds) {
        return ServerFrame.of(new FromServer.Resync(List.copyOf(conversationIds)));
    }

    /// The new profile of a user.
    public static ServerFrame userUpdated(User user) {
        return ServerFrame.of(new FromServer.UserUpdated(UserView.of(user)));
    }

    /// A device of this user changed.
    public static ServerFrame deviceUpdated(ChangedDevice device) {
        return ServerFrame.of(new FromServer.DeviceUpdated(device.getDeviceId(), device.getSignedOutAt() != null));
    }

    /// What this user keeps of a conversation now.
    public static ServerFrame conversationPersonal(String conversationId, ShownPersonal personal) {
        return ServerFrame.of(new FromServer.ConversationPersonal(conversationId, personal(personal)));
    }

    /// What a user keeps of a conversation, as the log says it.
    public static InboxLine.Personal personal(ShownPersonal personal) {
        MessageDraft draft = personal.getDraft();
        return new InboxLine.Personal(
                personal.getAccepted(),
                personal.getArchived(),
                personal.getPinned(),
                personal.getHidden(),
                personal.getUnreadFrom(),
                personal.getClearedUpTo() == 0 ? null : personal.getClearedUpTo(),
                draft == null ? null : new InboxLine.Draft(draft.getText(), draft.getReplyTo()));
    }

    /// A profile for watchers. May be dropped silently.
    public static ServerFrame watchedUserUpdated(User user) {
        return ServerFrame.fleeting(new FromServer.UserUpdated(UserView.of(user)));
    }

    /// How a user follows a thread now.
    public static ServerFrame threadUpdated(FollowedThread thread) {
        return ServerFrame.of(new FromServer.ThreadUpdated(Done.Following.of(thread)));
    }

    /// The answer to a subscription.
    public static ServerFrame presences(@Nullable String id, List<Presence> presences) {
        return ServerFrame.answer(new FromServer.PresenceBulk(presences), id);
    }

    /// The new presence of a user. May be dropped silently.
    public static ServerFrame presence(Presence presence) {
        return ServerFrame.fleeting(new FromServer.PresenceUpdate(presence));
    }

    /// A start or stop of typing. May be dropped silently.
    public static ServerFrame typing(String conversationId, String userId, boolean isTyping) {
        return ServerFrame.fleeting(new FromServer.TypingUpdate(conversationId, userId, isTyping));
    }
}
