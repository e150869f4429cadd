package chat.milena.conversation.judge;

import chat.milena.schemas.avro.ModerationRule;
import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.RuleKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

    /// The rules of these names.
    ///
    /// @throws InvalidRulesException if one has another name, or a name comes twice
    static List<ModerationRule> of(List<String> names) throws InvalidRulesException {
        List<ModerationRule> rules = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new InvalidRulesException("defaults: names " + name + " twice");
            }
            rules.addAll(
                    switch (name) {
                        case "spam" -> List.of(spam(), offers(), repeats());
                        case "links" -> List.of(rule("links", RuleKind.LINKS, RuleAction.FLAG));
                        case "floods" -> List.of(flood());
                        default -> throw new InvalidRulesException("defaults: must be of spam, links and floods");
                    });
        }
        return rules;
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
