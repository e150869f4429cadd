package chat.milena.schemas.word;

import org.jspecify.annotations.Nullable;

/// A rejection that several processes give, word for word the same.
public record Refusal(ErrorCode code, String reason) {
    /// The answer about a conversation whose existence the caller must not learn.
    public static final Refusal NO_SUCH_CONVERSATION =
            new Refusal(ErrorCode.CONVERSATION_NOT_FOUND, "conversationId: there is no such conversation");

    /// The answer to both people of a direct conversation while one has blocked the other.
    public static final Refusal BLOCKED = new Refusal(ErrorCode.FORBIDDEN, "nothing can be written here");

    /// The answer to a banned user.
    public static final Refusal BANNED = new Refusal(ErrorCode.FORBIDDEN, "this user is banned");

    private static final Refusal MEMBERS_ONLY =
            new Refusal(ErrorCode.FORBIDDEN, "only members of this group may do that");

    /// The answer to a user who is not a member. A tenant may know that a group exists; only its two members may
    /// know that a direct conversation exists.
    ///
    /// @param type null for a type of a later version, which is treated as secretly as a direct conversation
    public static Refusal ofOutsider(@Nullable ConversationType type) {
        return type == ConversationType.GROUP ? MEMBERS_ONLY : NO_SUCH_CONVERSATION;
    }
}
