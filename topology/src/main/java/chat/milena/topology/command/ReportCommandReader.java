package chat.milena.topology.command;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Command;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.ReportMessage;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.DecisionAction;
import chat.milena.schemas.word.ReportReason;
import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.Word;
import chat.milena.topology.command.CommandReading.Known;
import chat.milena.topology.command.CommandReading.Malformed;
import chat.milena.topology.command.CommandReading.Unknown;
import org.jspecify.annotations.Nullable;

/// Reads the commands of moderation for [CommandReader]. Pure.
final class ReportCommandReader {
    /// In code points: texts for moderators, and theirs.
    private static final int TEXT_CHARACTERS_MAX = 1_000;

    /// In code points.
    private static final int RULE_CHARACTERS_MAX = 100;

    /// In code points: why somebody is banned.
    private static final int REASON_CHARACTERS_MAX = 200;

    private ReportCommandReader() {}

    static CommandReading report(Actor actor, @Nullable ReportMessage report) {
        if (report == null) {
            return new Malformed("report: missing");
        }
        if (!Ids.isValidMessageId(report.getMessageId())) {
            return new Malformed("messageId: not an id");
        }
        if (isLonger(report.getText(), TEXT_CHARACTERS_MAX)) {
            return new Malformed("text: too long");
        }
        ReportReason reason = Word.parse(ReportReason.class, report.getReason()).orElse(null);
        return reason == null
                ? new Unknown(report.getReason())
                : new Known(
                        new Command.Report(actor, report.getMessageId(), reason, report.getText(), report.getCopy()));
    }

    static CommandReading flag(Actor actor, @Nullable FlagMessage flag) {
        if (flag == null) {
            return new Malformed("flag: missing");
        }
        if (!Ids.isValidMessageId(flag.getMessageId())) {
            return new Malformed("messageId: not an id");
        }
        if (flag.getRule().isEmpty() || isLonger(flag.getRule(), RULE_CHARACTERS_MAX)) {
            return new Malformed("rule: missing or too long");
        }
        RuleAction action = Word.parse(RuleAction.class, flag.getAction()).orElse(null);
        return action == null ? new Unknown(flag.getAction()) : new Known(new Command.Flag(actor, action, flag));
    }

    static CommandReading decide(Actor actor, @Nullable DecideMessage decision) {
        if (decision == null) {
            return new Malformed("decision: missing");
        }
        if (!Ids.isValidMessageId(decision.getMessageId())) {
            return new Malformed("messageId: not an id");
        }
        if (isLonger(decision.getText(), TEXT_CHARACTERS_MAX) || isLonger(decision.getNote(), TEXT_CHARACTERS_MAX)) {
            return new Malformed("text or note: too long");
        }
        DecisionAction action =
                Word.parse(DecisionAction.class, decision.getAction()).orElse(null);
        if (action == DecisionAction.BAN && isLonger(decision.getText(), REASON_CHARACTERS_MAX)) {
            return new Malformed("reason: too long");
        }
        return action == null
                ? new Unknown(decision.getAction())
                : new Known(new Command.Decide(actor, action, decision));
    }

    private static boolean isLonger(@Nullable String text, int characters) {
        return text != null && text.codePointCount(0, text.length()) > characters;
    }
}
