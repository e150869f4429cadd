package chat.milena.protocol.read;

import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.MessageContent;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.avro.ModerationDecision;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.word.DecisionAction;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages that users have reported, rules have flagged or moderators have decided on, the one that was first in the
/// queue first.
///
/// @param nextCursor where the next page begins; left out on the last page
public record ReportQueue(
        List<ReportedLine> reports, @Nullable String nextCursor) {
    /// The state of messages that moderators are to decide on.
    public static final String OPEN = "open";

    /// The state of messages that moderators or rules have decided on.
    public static final String DECIDED = "decided";

    /// A message.
    ///
    /// @param state `open`, also if it was reported or flagged again after the decision, or `decided`
    /// @param message its entry as it is now; left out if it is no longer shown
    /// @param context the entries around it
    /// @param reports at most 100, oldest first
    /// @param flags what rules found, at most 100, oldest first
    /// @param evidence what was reported or flagged first, while the message is open; left out after 30 days, or as
    /// the operator has set
    /// @param latestEvidence the same of the latest other revision that was reported or flagged
    /// @param decision the one that holds
    /// @param held `true` while it waits before others are shown it; else left out
    public record ReportedLine(
            String conversationId,
            String messageId,
            String state,
            @Nullable Boolean held,
            @Nullable Entry message,
            Context context,
            List<ReportLine> reports,
            List<FlagLine> flags,
            @Nullable Evidence evidence,
            @Nullable Evidence latestEvidence,
            @Nullable DecisionLine decision) {
        /// Without what is shown of the conversation.
        public static ReportedLine of(ReportedMessage message) {
            ModerationDecision decision = message.getDecision();
            return new ReportedLine(
                    message.getConversationId(),
                    message.getMessageId(),
                    message.getOpen() ? OPEN : DECIDED,
                    message.getHeld() ? true : null,
                    null,
                    Surroundings.NOTHING.context(),
                    message.getReports().stream()
                            .map(report -> new ReportLine(
                                    report.getUserId(),
                                    report.getReason(),
                                    report.getText(),
                                    report.getTimestamp().toEpochMilli()))
                            .toList(),
                    message.getFlags().stream()
                            .map(flag -> new FlagLine(
                                    flag.getRule(),
                                    flag.getVersion(),
                                    flag.getLabel(),
                                    flag.getTimestamp().toEpochMilli()))
                            .toList(),
                    Evidence.of(message.getCopy()),
                    Evidence.of(message.getLatestCopy()),
                    decision == null ? null : DecisionLine.of(decision));
        }

        /// The same line with what is shown of the conversation now.
        public ReportedLine with(Surroundings shown) {
            return new ReportedLine(
                    conversationId,
                    messageId,
                    state,
                    held,
                    shown.message(),
                    shown.context(),
                    reports,
                    flags,
                    evidence,
                    latestEvidence,
                    decision);
        }
    }

    /// A message and the entries around it.
    public record Surroundings(@Nullable Entry message, Context context) {
        /// Nothing is shown.
        public static final Surroundings NOTHING = new Surroundings(null, new Context(List.of(), List.of()));
    }

    /// At most five entries on each side, oldest first.
    public record Context(List<Entry> before, List<Entry> after) {}

    /// A report.
    ///
    /// @param reason `spam`, `abuse`, `violence`, `illegal` or `other`
    public record ReportLine(
            String userId, String reason, @Nullable String text, long timestamp) {}

    /// What a rule found.
    ///
    /// @param rule its name; `classifier` for the classifier of the tenant
    /// @param version of the rules
    /// @param label what the classifier calls it; left out for rules
    public record FlagLine(
            String rule, long version, @Nullable String label, long timestamp) {}

    /// A copy of the content of a message, whatever became of the message.
    ///
    /// @param revision of the message then
    public record Evidence(MessageContent content, long revision, long timestamp) {
        static @Nullable Evidence of(@Nullable MessageCopy copy) {
            return copy == null
                    ? null
                    : new Evidence(
                            MessageContent.of(copy.getContent()),
                            copy.getRevision(),
                            copy.getTakenAt().toEpochMilli());
        }
    }

    /// A decision.
    ///
    /// @param until of a ban: when it ends by itself
    /// @param scope of a ban: `tenant` or `conversation`
    /// @param reason of a ban, as the author of the message was sent it; left out for a general one
    /// @param text of a warning, as the author of the message was sent it
    /// @param note for moderators
    /// @param decidedBy a moderator, or `moderation` for a rule
    public record DecisionLine(
            String action,
            @Nullable Long until,
            @Nullable String scope,
            @Nullable String reason,
            @Nullable String text,
            @Nullable String note,
            String decidedBy,
            long timestamp) {
        /// The scope of a ban from all conversations.
        public static final String TENANT = "tenant";

        /// The scope of a ban from the conversation of the message.
        public static final String CONVERSATION = "conversation";

        static DecisionLine of(ModerationDecision decision) {
            Instant until = decision.getUntil();
            boolean isBan = DecisionAction.BAN.is(decision.getAction());
            return new DecisionLine(
                    decision.getAction(),
                    until == null ? null : until.toEpochMilli(),
                    isBan ? (decision.getInConversation() ? CONVERSATION : TENANT) : null,
                    isBan ? decision.getText() : null,
                    isBan ? null : decision.getText(),
                    decision.getNote(),
                    decision.getDecidedBy(),
                    decision.getTimestamp().toEpochMilli());
        }
    }
}
