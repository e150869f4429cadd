package chat.milena.conversation.moderation;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.word.ErrorCode;
import java.time.Instant;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Decides whom a tenant has banned. Pure but for counting, which it does where that matters.
///
/// The same again changes nothing, so the command may be sent again. A ban of the same user and scope replaces the one
/// before.
public final class BanListRules {
    /// Bans of one tenant. All sequencers keep them in memory.
    public static final int BANS_MAX = 10_000;

    /// The answer to everybody who does not moderate.
    public static final Rejected MODERATORS_ONLY = new Rejected(ErrorCode.FORBIDDEN, "only moderators may do that");

    private static final Rejected ONESELF = new Rejected(ErrorCode.INVALID_REQUEST, "userId: must be somebody else");
    private static final Rejected PAST = new Rejected(ErrorCode.INVALID_REQUEST, "until: must be in the future");

    /// The answer where the list is full.
    public static final Rejected FULL =
            new Rejected(ErrorCode.TOO_LARGE, "userId: must be one of at most " + BANS_MAX + " bans");

    private BanListRules() {}

    /// Decides; accepted is a change.
    ///
    /// @param before the ban of the same user and scope; null without one
    /// @param count how many the tenant has
    public static Answer decide(Actor actor, @Nullable Ban before, IntSupplier count, ChangeBan change, Instant now) {
        if (!actor.moderates()) {
            return MODERATORS_ONLY;
        }
        if (!change.getBanned()) {
            return before == null ? new Duplicate(0, null) : new Accepted(0, now);
        }
        if (change.getUserId().equals(actor.userId())) {
            return ONESELF;
        }
        if (change.getUntil() != null && !change.getUntil().isAfter(now)) {
            return PAST;
        }
        if (before != null && isSame(before, actor, change)) {
            return new Duplicate(0, before.getCreatedAt());
        }
        return before == null && count.getAsInt() >= BANS_MAX ? FULL : new Accepted(0, now);
    }

    private static boolean isSame(Ban before, Actor actor, ChangeBan change) {
        return before.getBannedBy().equals(actor.userId())
                && before.getReason().equals(change.getReason())
                && Objects.equals(before.getUntil(), change.getUntil());
    }

    /// Whether a ban holds at a moment: it ends by itself.
    public static boolean holds(Ban ban, Instant now) {
        return ban.getUntil() == null || ban.getUntil().isAfter(now);
    }
}
