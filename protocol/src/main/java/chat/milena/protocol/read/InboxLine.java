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
/// @param muted whether they want to hear nothing of it now
/// @param mutedUntil milliseconds since 1970; left out where it is not muted
/// @param lastEventAt by this the inbox is ordered; milliseconds since 1970
public record InboxLine(
        @JsonUnwrapped ConversationView conversation,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Entry lastMessage,
        long unreadCount,
        boolean muted,
        @Nullable Long mutedUntil,
        Personal personal,
        long lastEventAt) {

    /// What somebody keeps of a conversation for themselves.
    ///
    /// @param accepted whether they have joined in
    public record Personal(boolean accepted) {}
}
