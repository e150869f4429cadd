package chat.milena.protocol.read;

import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.timeline.Entry;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/// A conversation in a user's inbox; the fields of the conversation are beside the others.
///
/// @param lastMessage the newest message that is shown; null without one
/// @param unreadCount messages that the user can read and has not read
/// @param unreadMentions unread messages that mention this user or all
/// @param firstUnreadSequence the number of the first unread message; left out without one
/// @param muted whether the user has muted it
/// @param mutedUntil milliseconds since 1970; left out if it is not muted
/// @param lastEventAt the order of the inbox; milliseconds since 1970
public record InboxLine(
        @JsonUnwrapped ConversationView conversation,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Entry lastMessage,
        long unreadCount,
        long unreadMentions,
        @Nullable Long firstUnreadSequence,
        boolean muted,
        @Nullable Long mutedUntil,
        Personal personal,
        long lastEventAt) {

    /// The same for a direct conversation, with the profile of the other user.
    public InboxLine named(@Nullable String newName, @Nullable String newAvatarUrl) {
        return new InboxLine(
                conversation.named(newName, newAvatarUrl),
                lastMessage,
                unreadCount,
                unreadMentions,
                firstUnreadSequence,
                muted,
                mutedUntil,
                personal,
                lastEventAt);
    }

    /// The same with what its user keeps of it.
    public InboxLine keeping(Personal newPersonal) {
        return new InboxLine(
                conversation,
                lastMessage,
                unreadCount,
                unreadMentions,
                firstUnreadSequence,
                muted,
                mutedUntil,
                newPersonal,
                lastEventAt);
    }

    /// What somebody keeps of a conversation for themselves.
    ///
    /// @param accepted whether they have joined in
    /// @param archived whether it is out of the inbox, until they say otherwise
    /// @param pinned whether it stands before the others
    /// @param hidden whether it is out of the inbox until its next message
    /// @param unreadFrom from which number on they want it to count as unread; left out if they do not
    /// @param clearedUpTo up to which number it is gone for them; left out if nothing is
    /// @param draft what they have begun to write; left out if there is none
    public record Personal(
            boolean accepted,
            boolean archived,
            boolean pinned,
            boolean hidden,
            @Nullable Long unreadFrom,
            @Nullable Long clearedUpTo,
            @Nullable Draft draft) {}

    /// What somebody has begun to write.
    ///
    /// @param replyTo the messageId that it would quote
    public record Draft(String text, @Nullable String replyTo) {}
}
