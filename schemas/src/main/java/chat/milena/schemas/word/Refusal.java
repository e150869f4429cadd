package chat.milena.schemas.word;

import org.jspecify.annotations.Nullable;

/// A refusal that more than one process gives, word for word the same.
public record Refusal(ErrorCode code, String reason) {
    /// The answer about a conversation that the asker must not know to exist.
    public static final Refusal NO_SUCH_CONVERSATION =
            new Refusal(ErrorCode.CONVERSATION_NOT_FOUND, "conversationId: there is no such conversation");

    /// The answer to both people of a direct conversation while one has blocked the other.
    public static final Refusal BLOCKED = new Refusal(ErrorCode.FORBIDDEN, "nothing can be written here");

    private static final Refusal MEMBERS_ONLY =
            new Refusal(ErrorCode.FORBIDDEN, "only members of this group may do that");

    /// What somebody who is not a member is answered. That a group exists is known to its tenant; that two people talk
    /// is known to them alone.
    ///
    /// @param type null for a type that a later version brought, which is kept as secret as a direct conversation
    public static Refusal ofOutsider(@Nullable ConversationType type) {
        return type == ConversationType.GROUP ? MEMBERS_ONLY : NO_SUCH_CONVERSATION;
    }
}
