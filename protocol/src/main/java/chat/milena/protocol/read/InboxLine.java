package chat.milena.protocol.read;

import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.timeline.Entry;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/// A conversation in somebody's inbox; the fields of the conversation stand beside the others.
///
/// @param lastMessage the newest message that is shown; null if there is none
/// @param unreadCount messages that they can read and have not read
/// @param unreadMentions unread messages that mention this user, or everybody
/// @param firstUnreadSequence the number of the first unread message; left out where there is none
/// @param muted whether they want to hear nothing of it now
/// @param mutedUntil milliseconds since 1970; left out where it is not muted
/// @param lastEventAt by this the inbox is ordered; milliseconds since 1970
/// @param avatarUrl of a direct conversation, that of the other person
public record InboxLine(
        @JsonUnwrapped ConversationView conversation,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Entry lastMessage,
        long unreadCount,
        long unreadMentions,
        @Nullable Long firstUnreadSequence,
        boolean muted,
        @Nullable Long mutedUntil,
        Personal personal,
        long lastEventAt,
        @Nullable String avatarUrl) {

    /// The same, of a direct conversation, with what the other person shows of themselves.
    public InboxLine named(@Nullable String newName, @Nullable String newAvatarUrl) {
        return new InboxLine(
                conversation.named(newName),
                lastMessage,
                unreadCount,
                unreadMentions,
                firstUnreadSequence,
                muted,
                mutedUntil,
                personal,
                lastEventAt,
                newAvatarUrl);
    }

    /// What somebody keeps of a conversation for themselves.
    ///
    /// @param accepted whether they have joined in
    public record Personal(boolean accepted) {}
}
