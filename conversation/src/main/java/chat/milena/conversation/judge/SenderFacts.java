package chat.milena.conversation.judge;

import java.time.Duration;
import java.util.List;

/// What rules about senders look at: the sender of a message, at its time.
///
/// @param contentHash of the message: [JudgedContent#hash]
/// @param hasLink whether its text has a link
/// @param sends the latest messages of the sender in all conversations, this one among them
/// @param accountAge how long the account is known
public record SenderFacts(long contentHash, boolean hasLink, List<RecentSend> sends, Duration accountAge) {

    /// A message.
    ///
    /// @param age how long before the judged one it was sent
    public record RecentSend(Duration age, long contentHash) {}

    public SenderFacts {
        sends = List.copyOf(sends);
    }

    /// How many there are.
    long sends(Duration within) {
        return sends.stream().filter(send -> send.age().compareTo(within) < 0).count();
    }

    /// How many of them have the same content.
    long repeats(Duration within) {
        return sends.stream()
                .filter(send -> send.contentHash() == contentHash && send.age().compareTo(within) < 0)
                .count();
    }
}
