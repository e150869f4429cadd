package chat.milena.protocol.timeline;

import chat.milena.schemas.avro.DisclosedMessage;
import chat.milena.schemas.avro.EmojiUse;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a message is beside its content, for those to whom it was hidden while it was held for a moderator. Its fields
/// stand beside those of the frame that ends that.
///
/// @param senderId of the message
/// @param replyTo the message that it quotes
/// @param inThread of a reply: its place, and the thread; of the message that begins a thread: the thread
/// @param reactions in the order in which their emoji came; left out if there are none
/// @param pinned `true`, or left out
public record Disclosed(
        String senderId,
        @Nullable Long expiresAt,
        @Nullable Quote replyTo,
        @JsonUnwrapped InThread inThread,
        @Nullable List<Emoji> reactions,
        @Nullable Boolean pinned) {

    /// An emoji of a message.
    ///
    /// @param count how many users have it there
    /// @param userIds who has it, oldest first: the first ten
    public record Emoji(String emoji, int count, List<String> userIds) {}

    /// The fields of a message.
    public static Disclosed of(DisclosedMessage message, @Nullable Instant expiresAt) {
        List<Emoji> reactions = message.getEmojis().stream()
                .filter(use -> use.getCount() > 0)
                .sorted(Comparator.comparingLong(EmojiUse::getSince))
                .map(use -> new Emoji(
                        use.getEmoji(),
                        use.getCount(),
                        use.getUserIds().stream()
                                .limit(EmojiReactions.USERS_MAX)
                                .toList()))
                .toList();
        return new Disclosed(
                message.getSenderId(),
                expiresAt == null ? null : expiresAt.toEpochMilli(),
                Quote.of(message.getReplyTo()),
                InThread.of(message.getPlace(), message.getThread()),
                reactions.isEmpty() ? null : reactions,
                message.getPinned() ? true : null);
    }
}
