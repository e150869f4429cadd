package chat.milena.conversation.judge;

import chat.milena.schemas.avro.ModerationRule;
import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.RuleKind;
import java.time.Duration;
import java.util.List;

/// Rules that a tenant may choose by name. None holds until then.
final class ShippedRules {
    /// Up to which age an account is new, unless the tenant says otherwise.
    static final Duration NEW_ACCOUNTS = Duration.ofHours(24);

    /// What their names begin with: no rule of a tenant is taken for one of them.
    static final String PREFIX = "default:";

    private static final Duration FLOOD_WITHIN = Duration.ofSeconds(5);
    private static final int FLOOD_MESSAGES = 8;
    private static final Duration REPEATS_WITHIN = Duration.ofSeconds(60);
    private static final int REPEATS_TIMES = 5;

    private ShippedRules() {}

    /// The rules of this name.
    ///
    /// @param isFirst whether the tenant named it once so far
    /// @throws InvalidRulesException if there are none, or it comes again
    static List<ModerationRule> of(String name, boolean isFirst) throws InvalidRulesException {
        if (!isFirst) {
            throw new InvalidRulesException("defaults: names " + name + " twice");
        }
        return switch (name) {
            case "spam" -> List.of(spam(), offers(), repeats());
            case "links" -> List.of(rule("links", RuleKind.LINKS, RuleAction.FLAG));
            case "floods" -> List.of(flood());
            default -> throw new InvalidRulesException("defaults: must be of spam, links and floods");
        };
    }

    private static ModerationRule spam() {
        ModerationRule rule = rule("spam", RuleKind.WORDS, RuleAction.REMOVE);
        rule.setWords(SpamPhrases.ALL);
        return rule;
    }

    private static ModerationRule offers() {
        ModerationRule rule = rule("spam-offers", RuleKind.PATTERN, RuleAction.REMOVE);
        rule.setPattern(SpamPhrases.OFFERS);
        return rule;
    }

    private static ModerationRule flood() {
        ModerationRule rule = rule("floods", RuleKind.FLOOD, RuleAction.FLAG);
        rule.setTimes(FLOOD_MESSAGES);
        rule.setWithinMillis(FLOOD_WITHIN.toMillis());
        return rule;
    }

    private static ModerationRule repeats() {
        ModerationRule rule = rule("spam-repeats", RuleKind.REPEATS, RuleAction.FLAG);
        rule.setTimes(REPEATS_TIMES);
        rule.setWithinMillis(REPEATS_WITHIN.toMillis());
        return rule;
    }

    private static ModerationRule rule(String name, RuleKind kind, RuleAction action) {
        ModerationRule rule = new ModerationRule();
        rule.setName(PREFIX + name);
        rule.setKind(kind.word());
        rule.setAction(action.word());
        rule.setWords(List.of());
        return rule;
    }
}
