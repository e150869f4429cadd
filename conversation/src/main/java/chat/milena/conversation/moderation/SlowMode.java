package chat.milena.conversation.moderation;

import chat.milena.conversation.command.Answer.Detail.TooSoon;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change.SendNoted;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Decides whether a member may send again in a group with slow mode. Pure.
///
/// Times are those of acks, so the pause between two messages of a member is exact, whatever gateways they came by. A
/// group without slow mode looks nothing up and saves nothing; nor do admins, whom it does not slow.
///
/// @param seconds the pause; 0 if the sender need not wait
/// @param at the time that the message will have
public record SlowMode(String userId, int seconds, Instant at) {
    private static final String LIMIT = "slowModeSeconds";

    /// For a message of this member now.
    public static SlowMode of(Open open, Membership sender, Instant now) {
        int seconds = sender.isAdmin() ? 0 : open.properties().settings().getSlowModeSeconds();
        return new SlowMode(sender.userId(), seconds, open.position().next(now).timestamp());
    }

    /// The rejection of a message that comes too soon; null if it does not.
    public @Nullable Changes refusal(Lookups lookups) {
        Instant last = seconds == 0 ? null : lookups.lastSent(userId);
        if (last == null) {
            return null;
        }
        Duration left = Duration.between(at, last.plusSeconds(seconds));
        if (!left.isPositive()) {
            return null;
        }
        long retryAfter = left.plusMillis(999).toSeconds();
        return Changes.none(
                new Rejected(ErrorCode.RATE_LIMITED, "this group has slow mode", new TooSoon(LIMIT, retryAfter)));
    }

    /// What the next message is compared with; null if nothing is.
    public @Nullable SendNoted noted() {
        return seconds > 0 ? new SendNoted(userId, at) : null;
    }
}
