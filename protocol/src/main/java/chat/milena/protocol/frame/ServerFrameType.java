package chat.milena.protocol.frame;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The frames of the server in this version.
public enum ServerFrameType {
    CONNECTED("connected", FromServer.Connected.class),
    HEARTBEAT("heartbeat", FromServer.Heartbeat.class),
    OK("ok", FromServer.Ok.class),
    ERROR("error", FromServer.Refused.class),
    MESSAGE_ACK("message.ack", FromServer.MessageAck.class),
    MESSAGE_NEW("message.new", FromServer.MessageNew.class),
    MESSAGE_UPDATED("message.updated", FromServer.MessageUpdated.class),
    MESSAGE_DELETED("message.deleted", FromServer.MessageDeleted.class),
    MESSAGE_REACTION("message.reaction", FromServer.MessageReaction.class),
    MESSAGE_PINNED("message.pinned", FromServer.MessagePinned.class),
    MESSAGE_DELIVERED("message.delivered", FromServer.MessageDelivered.class),
    MESSAGE_READ_RECEIPT("message.read_receipt", FromServer.MessageReadReceipt.class),
    MESSAGES_OFFLINE("messages.offline", FromServer.MessagesOffline.class),
    CONVERSATION_CREATED("conversation.created", FromServer.ConversationCreated.class),
    CONVERSATION_UPDATED("conversation.updated", FromServer.ConversationUpdated.class),
    CONVERSATION_LEFT("conversation.left", FromServer.ConversationLeft.class),
    TOKEN_EXPIRING("token.expiring", FromServer.TokenExpiring.class),
    SERVER_DRAINING("server.draining", FromServer.ServerDraining.class),
    RESYNC("resync", FromServer.Resync.class),
    SYNC_RESULT("sync.result", FromServer.SyncAnswer.class),
    PRESENCE_BULK("presence.bulk", FromServer.PresenceBulk.class),
    PRESENCE_UPDATE("presence.update", FromServer.PresenceUpdate.class),
    TYPING_UPDATE("typing.update", FromServer.TypingUpdate.class),
    USER_UPDATED("user.updated", FromServer.UserUpdated.class),
    CONVERSATION_PERSONAL("conversation.personal", FromServer.ConversationPersonal.class),
    BLOCK_UPDATED("block.updated", SafetyFrames.BlockUpdated.class),
    DEVICE_UPDATED("device.updated", FromServer.DeviceUpdated.class),
    NOTIFICATIONS_UPDATED("notifications.updated", FromServer.NotificationsUpdated.class),
    THREAD_UPDATED("thread.updated", FromServer.ThreadUpdated.class),
    BAN_UPDATED("ban.updated", SafetyFrames.BanUpdated.class),
    MODERATION_WARNING("moderation.warning", SafetyFrames.ModerationWarning.class);

    private static final Map<Class<?>, ServerFrameType> BY_PAYLOAD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(type -> type.payload, Function.identity()));

    private final String word;
    private final Class<? extends FromServer> payload;

    ServerFrameType(String word, Class<? extends FromServer> payload) {
        this.word = word;
        this.payload = payload;
    }

    /// The type of the frames with this payload.
    static ServerFrameType of(Class<? extends FromServer> payload) {
        return Objects.requireNonNull(BY_PAYLOAD.get(payload), payload::getName);
    }

    /// The value of the frame's `type`.
    public String word() {
        return word;
    }
}
