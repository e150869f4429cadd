package chat.milena.conversation.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The message that a messageId of this conversation already stands for: its sender, number and time.
///
/// @param state the present state of the message; null for a message from before messages could be changed
public record FirstSend(
        String senderId,
        long sequenceNumber,
        Instant timestamp,
        @Nullable MessageState state) {

    /// A message from before messages could be changed.
    public FirstSend(String senderId, long sequenceNumber, Instant timestamp) {
        this(senderId, sequenceNumber, timestamp, null);
    }

    /// The same message in another state.
    public FirstSend toState(MessageState next) {
        return new FirstSend(senderId, sequenceNumber, timestamp, next);
    }

    /// Whether it waits for a moderator.
    public boolean isHeld() {
        return state != null && state.isHeld();
    }

    /// Whether this member is shown it, if they may read its number: all are, unless it waits for a moderator.
    public boolean isShownTo(String userId) {
        return state == null
                || !state.isHeld()
                || state.hold() == null
                || state.hold().getShownTo().contains(userId);
    }

    /// Whether others were shown it before it began to wait for a moderator, if it ever did.
    public boolean wasShown() {
        return state == null || state.hold() == null || state.hold().getShownBefore();
    }

    /// Whether it is a reply that is shown in its thread alone.
    public boolean isHidden() {
        return state != null && state.place() != null && !state.place().getShowInConversation();
    }

    /// The event that gave the message its present content.
    public EventTime written() {
        EventTime edited = state == null ? null : state.edited();
        return edited == null ? sent() : edited;
    }

    /// The message's own event.
    public EventTime sent() {
        return new EventTime(sequenceNumber, timestamp);
    }
}
