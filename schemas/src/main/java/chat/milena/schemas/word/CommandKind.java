package chat.milena.schemas.word;

/// The kind of a command.
public enum CommandKind implements Word {
    MESSAGE_SEND("message.send"),
    MESSAGE_EDIT("message.edit"),
    MESSAGE_DELETE("message.delete"),
    MESSAGE_REACT("message.react"),
    MESSAGE_PIN("message.pin"),
    MESSAGE_REPORT("message.report"),
    MESSAGE_FLAG("message.flag"),
    MESSAGE_DECIDE("message.decide"),
    MESSAGE_DELIVERED("message.delivered"),
    MESSAGE_READ("message.read"),
    THREAD_FOLLOW("thread.follow"),
    THREAD_UNFOLLOW("thread.unfollow"),
    CONVERSATION_CREATE("conversation.create"),
    CONVERSATION_UPDATE("conversation.update"),
    MEMBER_ADD("member.add"),
    MEMBER_REMOVE("member.remove"),
    MEMBER_ROLE("member.role"),
    MEMBER_MUTE("member.mute"),
    MEMBER_ACCEPT("member.accept"),
    MEMBER_PERSONAL("member.personal"),
    MEMBER_BLOCK("member.block"),
    USER_PROFILE("user.profile"),
    USER_BLOCK("user.block"),
    USER_DEVICE("user.device"),
    USER_NOTIFICATIONS("user.notifications"),
    USER_WARNINGS("user.warnings"),
    PUSH_CLAIM("push.claim"),
    MODERATION_BAN("moderation.ban");

    private static final String OF_USER = "user.";
    private static final String OF_MODERATION = "moderation.";

    private final String word;

    CommandKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }

    /// Whether such a command is about its user's own state, or about the address of a device, and so in the log of
    /// users.
    public boolean isOfUser() {
        return word.startsWith(OF_USER) || this == PUSH_CLAIM;
    }

    /// Whether such a command is about all of its tenant, and so in the log of users under
    /// [chat.milena.schemas.key.UserKey#moderation].
    public boolean isOfModeration() {
        return word.startsWith(OF_MODERATION);
    }
}
