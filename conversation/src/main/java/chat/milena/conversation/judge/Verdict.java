package chat.milena.conversation.judge;

import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.RuleKind;
import java.util.List;

/// A rule that a message breaks.
///
/// @param rule its name
public record Verdict(String rule, RuleKind kind, RuleAction action) {

    /// The verdicts that are carried out: the first removal, which makes all others pointless, else all.
    public static List<Verdict> carriedOut(List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(verdict -> verdict.action() == RuleAction.REMOVE)
                .findFirst()
                .map(List::of)
                .orElse(verdicts);
    }
}
