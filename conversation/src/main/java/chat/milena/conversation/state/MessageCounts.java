package chat.milena.conversation.state;

/// What an event adds to a conversation's counts.
///
/// @param messages how many messages it adds
/// @param expiring how many of those have an end of their own
/// @param deleted how many messages it deletes
public record MessageCounts(int messages, int expiring, int deleted) {
    /// Of an event that adds no message and deletes none.
    public static final MessageCounts NONE = new MessageCounts(0, 0, 0);

    /// Of an event that deletes a message.
    public static final MessageCounts DELETION = new MessageCounts(0, 0, 1);

    private static final MessageCounts LASTING = new MessageCounts(1, 0, 0);
    private static final MessageCounts EXPIRING = new MessageCounts(1, 1, 0);

    /// Of one message.
    public static MessageCounts one(boolean expires) {
        return expires ? EXPIRING : LASTING;
    }
}
