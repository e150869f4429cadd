package chat.milena.conversation.moderation;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.avro.MessageFlag;
import chat.milena.schemas.avro.MessageReport;
import chat.milena.schemas.avro.ModerationDecision;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.DecisionAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What reports, flags and decisions make of the place of a message in the queue of the moderators. Pure; the records
/// that are passed in as `next` are changed and returned.
///
/// A message is open until it is decided, and again when it is reported or flagged after that. A copy of its content is
/// kept while it is open: the first one, and the latest one of another revision. So an edit neither hides what was
/// reported, nor can something harmless be reported first in place of what comes then.
public final class QueueRules {
    /// Maximum of reports of one message that are noted (the first ones), and of its flags (the last ones).
    static final int ENTRIES_MAX = 100;

    /// Open messages of a tenant in one partition of conversations, beyond which rules open no further ones. Those that
    /// wait before others are shown them have a bound of their own, [HoldRules#HELD_MAX].
    public static final int OPEN_MAX = 5_000;

    /// The same for flags without a finding, since a classifier did not answer: they must not keep out what rules find.
    public static final int UNANSWERED_OPEN_MAX = OPEN_MAX / 10;

    /// The label of such a flag.
    public static final String UNANSWERED = "unanswered";

    private QueueRules() {}

    /// A copy, to be changed: its lists are replaced, never changed.
    public static ReportedMessage copy(ReportedMessage message) {
        return new ReportedMessage(
                message.getTenant(),
                message.getConversationId(),
                message.getMessageId(),
                message.getSequenceNumber(),
                message.getSenderId(),
                message.getOpenedAt(),
                message.getOpen(),
                message.getReports(),
                message.getFlags(),
                message.getDecision(),
                message.getCopy(),
                message.getLatestCopy(),
                message.getHeld(),
                message.getHeldContent(),
                message.getExpiresAt());
    }

    /// The report of a user; null without one.
    public static @Nullable MessageReport reportOf(ReportedMessage message, String userId) {
        return message.getReports().stream()
                .filter(report -> report.getUserId().equals(userId))
                .findFirst()
                .orElse(null);
    }

    /// The message after another report, which opens it even where there are too many to note it.
    public static ReportedMessage reported(ReportedMessage next, MessageReport report, @Nullable MessageCopy copy) {
        if (next.getReports().size() < ENTRIES_MAX) {
            next.setReports(with(next.getReports(), report));
        }
        return opened(next, copy);
    }

    /// How many messages of a tenant may be open for this flag to open one more.
    public static int openMax(FlagMessage flag) {
        return UNANSWERED.equals(flag.getLabel()) ? UNANSWERED_OPEN_MAX : OPEN_MAX;
    }

    /// The message after a rule flagged it.
    public static ReportedMessage flagged(ReportedMessage next, FlagMessage flag, Instant now) {
        next.setFlags(with(
                next.getFlags(),
                new MessageFlag(flag.getRule(), flag.getVersion(), flag.getRevision(), now, flag.getLabel())));
        return opened(next, flag.getCopy());
    }

    private static ReportedMessage opened(ReportedMessage next, @Nullable MessageCopy copy) {
        next.setOpen(true);
        if (next.getCopy() == null) {
            next.setCopy(copy);
        } else if (copy != null && copy.getRevision() != next.getCopy().getRevision()) {
            next.setLatestCopy(copy);
        }
        return next;
    }

    /// The message after a decision, the latest of which holds. What waits before others are shown it stays open,
    /// until it is released or rejected.
    public static ReportedMessage decided(ReportedMessage next, ModerationDecision decision) {
        boolean stays = next.getHeld() && !ends(decision.getAction());
        next.setOpen(stays);
        next.setDecision(decision);
        if (!stays) {
            next.setCopy(null);
            next.setLatestCopy(null);
            endHold(next);
        }
        return next;
    }

    /// The revision that a decision settles: the one that the moderator saw. Where they do not name it, the latest one
    /// that came into the queue, since an edit after that is to be judged by itself.
    ///
    /// @param present the revision that the message has
    public static long decidedRevision(DecideMessage asked, @Nullable ReportedMessage before, long present) {
        if (asked.getRevision() != null) {
            return asked.getRevision();
        }
        if (before == null) {
            return present;
        }
        LongStream.Builder seen = LongStream.builder();
        before.getFlags().forEach(flag -> seen.add(flag.getRevision()));
        Stream.of(before.getCopy(), before.getLatestCopy())
                .filter(Objects::nonNull)
                .forEach(copy -> seen.add(copy.getRevision()));
        if (before.getDecision() != null) {
            seen.add(before.getDecision().getRevision());
        }
        return seen.build().max().orElse(present);
    }

    /// The message once it waits before others are shown it, or was edited while it does.
    ///
    /// @param expiresAt when it waits no longer; null if the message has no end of its own
    public static ReportedMessage held(ReportedMessage next, Content content, @Nullable Instant expiresAt) {
        next.setOpen(true);
        next.setHeld(true);
        next.setHeldContent(content);
        next.setExpiresAt(expiresAt);
        return next;
    }

    private static void endHold(ReportedMessage next) {
        next.setHeld(false);
        next.setHeldContent(null);
        next.setExpiresAt(null);
    }

    /// Whether it waits in vain, since its message has expired.
    public static boolean hasExpired(ReportedMessage message, Instant now) {
        return message.getHeld()
                && message.getExpiresAt() != null
                && !message.getExpiresAt().isAfter(now);
    }

    /// The message after its deletion or its end, if it waited before others are shown it: it is open only if there is
    /// something else to decide on.
    public static ReportedMessage unheld(ReportedMessage next) {
        endHold(next);
        next.setOpen(hasNews(next));
        if (!next.getOpen()) {
            next.setCopy(null);
            next.setLatestCopy(null);
        }
        return next;
    }

    /// Whether it was reported or flagged since it was decided.
    private static boolean hasNews(ReportedMessage message) {
        ModerationDecision decision = message.getDecision();
        Instant settled = decision == null ? Instant.MIN : decision.getTimestamp();
        return message.getReports().stream()
                        .anyMatch(report -> report.getTimestamp().isAfter(settled))
                || message.getFlags().stream()
                        .anyMatch(flag -> flag.getTimestamp().isAfter(settled));
    }

    private static boolean ends(String action) {
        return removes(action) || action.equals(DecisionAction.RELEASE.word());
    }

    /// When the finding of a rule was settled: by the same finding before, or by a moderator's decision on that
    /// revision. Null if it is news.
    public static @Nullable Instant judgedAt(ReportedMessage message, FlagMessage found) {
        ModerationDecision decision = message.getDecision();
        if (decision != null
                && !decision.getDecidedBy().equals(Ids.MODERATION)
                && decision.getRevision() >= found.getRevision()) {
            return decision.getTimestamp();
        }
        for (MessageFlag flag : message.getFlags()) {
            if (flag.getRule().equals(found.getRule())
                    && flag.getVersion() == found.getVersion()
                    && flag.getRevision() == found.getRevision()) {
                return flag.getTimestamp();
            }
        }
        return null;
    }

    /// When the same decision was made, if it holds and nothing came since; else null.
    public static @Nullable Instant decidedAt(ReportedMessage message, ModerationDecision next) {
        ModerationDecision before = message.getDecision();
        boolean same = before != null
                && !(message.getHeld() ? hasNews(message) : message.getOpen())
                && before.getAction().equals(next.getAction())
                && before.getDecidedBy().equals(next.getDecidedBy())
                && before.getInConversation() == next.getInConversation()
                && before.getRevision() == next.getRevision()
                && Objects.equals(before.getUntil(), next.getUntil())
                && Objects.equals(before.getText(), next.getText())
                && Objects.equals(before.getNote(), next.getNote());
        return same ? before.getTimestamp() : null;
    }

    /// When this moderator released this revision, if no later decision was made; else null. What was reported or
    /// flagged since makes the message open again, but the release is done.
    public static @Nullable Instant releasedAt(ReportedMessage message, DecideMessage asked, String moderatorId) {
        ModerationDecision before = message.getDecision();
        boolean same = before != null
                && before.getAction().equals(DecisionAction.RELEASE.word())
                && before.getDecidedBy().equals(moderatorId)
                && (asked.getRevision() == null || asked.getRevision() == before.getRevision())
                && Objects.equals(before.getNote(), asked.getNote());
        return same ? before.getTimestamp() : null;
    }

    /// Whether a decision lets stand what was removed, or what a rule found and no moderator has decided on.
    public static boolean overturns(ReportedMessage before, DecisionAction action) {
        if (action != DecisionAction.DISMISS && action != DecisionAction.RELEASE) {
            return false;
        }
        ModerationDecision decision = before.getDecision();
        if (decision != null && removes(decision.getAction())) {
            return true;
        }
        return before.getOpen()
                && before.getFlags().stream()
                        .anyMatch(
                                flag -> decision == null || flag.getTimestamp().isAfter(decision.getTimestamp()));
    }

    private static boolean removes(String action) {
        return action.equals(DecisionAction.REMOVE.word()) || action.equals(DecisionAction.REJECT.word());
    }

    private static <T> List<T> with(List<T> before, T one) {
        List<T> all = new ArrayList<>(before);
        all.add(one);
        return all.size() > ENTRIES_MAX ? List.copyOf(all.subList(1, all.size())) : all;
    }
}
