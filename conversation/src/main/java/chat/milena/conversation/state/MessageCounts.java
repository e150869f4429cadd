package chat.milena.conversation.state;

/// What an event adds to a conversation's counts.
///
/// @param messages how many messages it adds
/// @param expiring how many of those have an end of their own
public record MessageCounts(int messages, int expiring) {
    /// Of an event that adds no message.
    public static final MessageCounts NONE = new MessageCounts(0, 0);

    private static final MessageCounts LASTING = new MessageCounts(1, 0);
    private static final MessageCounts EXPIRING = new MessageCounts(1, 1);

    /// Of one message.
    public static MessageCounts one(boolean expires) {
        return expires ? EXPIRING : LASTING;
    }
}
