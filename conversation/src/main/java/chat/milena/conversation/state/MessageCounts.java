package chat.milena.conversation.state;

/// The effect of an event on a conversation's counts.
///
/// @param messages how many messages it adds
/// @param expiring how many of those have an `expiresAt`
/// @param deleted how many messages it deletes
/// @param held how many messages or edits it holds for a moderator
/// @param unshown how many messages it adds that others are not shown yet; -1 where they are shown one of those
public record MessageCounts(int messages, int expiring, int deleted, int held, int unshown) {
    /// The effect of an event that adds no message and deletes none.
    public static final MessageCounts NONE = new MessageCounts(0, 0, 0, 0, 0);

    /// The effect of a deletion.
    public static final MessageCounts DELETION = new MessageCounts(0, 0, 1, 0, 0);

    /// The effect of the event with which others are shown a message for the first time.
    static final MessageCounts SHOWN = new MessageCounts(0, 0, 0, 0, -1);

    private static final MessageCounts LASTING = new MessageCounts(1, 0, 0, 0, 0);
    private static final MessageCounts EXPIRING = new MessageCounts(1, 1, 0, 0, 0);

    /// The effect of one message.
    public static MessageCounts one(boolean expires) {
        return expires ? EXPIRING : LASTING;
    }

    /// The same of an event whose message waits for a moderator.
    MessageCounts holding() {
        return new MessageCounts(messages, expiring, deleted, 1, messages);
    }
}
