package chat.milena.schemas.word;

/// The kind of a timeline event.
public enum EventKind implements Word {
    MESSAGE("message"),
    MESSAGE_EDITED("message.edited"),
    MESSAGE_DELETED("message.deleted"),
    MESSAGE_RELEASED("message.released"),
    REACTION("reaction"),
    MESSAGE_PINNED("message.pinned"),
    CONVERSATION_CREATED("conversation.created"),
    CONVERSATION_UPDATED("conversation.updated"),
    MEMBER_ADDED("member.added"),
    MEMBER_REMOVED("member.removed"),
    ROLE_CHANGED("role.changed");

    private final String word;

    EventKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
