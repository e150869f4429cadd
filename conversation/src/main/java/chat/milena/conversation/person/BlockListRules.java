package chat.milena.conversation.person;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.person.UserCommand.SetBlock;
import chat.milena.schemas.word.ErrorCode;
import java.time.Instant;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Decides whom a user has blocked. Pure but for counting, which it does where that matters.
///
/// The same again changes nothing, so the command may be sent again.
public final class BlockListRules {
    /// People whom one user has blocked.
    public static final int BLOCKS_MAX = 1_000;

    private static final Rejected ONESELF = new Rejected(ErrorCode.INVALID_REQUEST, "userId: must be somebody else");
    private static final Rejected FULL =
            new Rejected(ErrorCode.TOO_LARGE, "userId: must be one of at most " + BLOCKS_MAX + " people");

    private BlockListRules() {}

    /// Decides; accepted is a change.
    ///
    /// @param since when the other one was blocked; null if they are not
    /// @param count how many are blocked
    public static Answer decide(
            String userId, @Nullable Instant since, IntSupplier count, SetBlock command, Instant now) {
        if (command.blockedId().equals(userId)) {
            return ONESELF;
        }
        if (command.blocked() == (since != null)) {
            return new Duplicate(0, since);
        }
        return command.blocked() && count.getAsInt() >= BLOCKS_MAX ? FULL : new Accepted(0, now);
    }
}
