package chat.milena.protocol.frame;

/// The frames of the server in this version.
public enum ServerFrameType {
    CONNECTED("connected"),
    HEARTBEAT("heartbeat"),
    OK("ok"),
    ERROR("error"),
    MESSAGE_ACK("message.ack"),
    MESSAGE_NEW("message.new"),
    MESSAGE_UPDATED("message.updated"),
    MESSAGE_DELETED("message.deleted"),
    MESSAGE_REACTION("message.reaction"),
    MESSAGE_PINNED("message.pinned"),
    MESSAGE_DELIVERED("message.delivered"),
    MESSAGE_READ_RECEIPT("message.read_receipt"),
    MESSAGES_OFFLINE("messages.offline"),
    CONVERSATION_CREATED("conversation.created"),
    CONVERSATION_UPDATED("conversation.updated"),
    CONVERSATION_LEFT("conversation.left"),
    TOKEN_EXPIRING("token.expiring"),
    SERVER_DRAINING("server.draining"),
    RESYNC("resync"),
    SYNC_RESULT("sync.result"),
    PRESENCE_BULK("presence.bulk"),
    PRESENCE_UPDATE("presence.update"),
    TYPING_UPDATE("typing.update"),
    USER_UPDATED("user.updated"),
    CONVERSATION_PERSONAL("conversation.personal"),
    BLOCK_UPDATED("block.updated"),
    THREAD_UPDATED("thread.updated");

    private final String word;

    ServerFrameType(String word) {
        this.word = word;
    }

    /// The value of the frame's `type`.
    public String word() {
        return word;
    }
}
