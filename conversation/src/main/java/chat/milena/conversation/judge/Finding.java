package chat.milena.conversation.judge;

import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.RuleKind;
import java.util.List;

/// A rule that a message breaks.
///
/// @param rule its name
public record Finding(String rule, RuleKind kind, RuleAction action) {

    /// The findings that are carried out: the first removal, which makes all others pointless, else all.
    public static List<Finding> carriedOut(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.action() == RuleAction.REMOVE)
                .findFirst()
                .map(List::of)
                .orElse(findings);
    }
}
