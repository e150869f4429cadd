package chat.milena.schemas.word;

import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.TimelineEvent;

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

    /// Whether moderation judges the content of this record: a message, or its record again with an edit. What a
    /// moderator has released was judged while it waited for them, and they have decided; a later edit is judged.
    public static boolean isJudged(TimelineEvent event) {
        return MESSAGE.is(event.getKind())
                && event.getMessage() != null
                && event.getDeletedAt() == null
                && !isReleased(event);
    }

    private static boolean isReleased(TimelineEvent event) {
        Hold hold = event.getHold();
        return hold != null && hold.getReleasedBy() > 0 && hold.getReleasedRevision() == event.getRevision();
    }
}
