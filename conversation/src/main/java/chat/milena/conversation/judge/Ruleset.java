package chat.milena.conversation.judge;

import chat.milena.conversation.judge.Rule.Flood;
import chat.milena.conversation.judge.Rule.OfContent;
import chat.milena.conversation.judge.Rule.OfSender;
import chat.milena.conversation.judge.Rule.Repeats;
import chat.milena.schemas.avro.ModerationRule;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.word.RuleAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All rules of a tenant in one version, ready to judge. Immutable, safe for all threads.
///
/// The content of a message is judged by itself ([#judge(JudgedContent)]), and its sender by what they sent lately
/// ([#judge(SenderFacts)]): the two are known in different places.
public final class Ruleset {
    public static final int RULES_MAX = 100;

    /// Maximum number of words of all rules together.
    public static final int WORDS_MAX = 10_000;

    public static final int PATTERN_BYTES_MAX = 16 << 10;

    /// How many messages a flood or repeats may count.
    public static final int TIMES_MAX = 100;

    /// How far back they may count.
    public static final Duration WITHIN_MAX = Duration.ofHours(1);

    private static final Duration NEW_ACCOUNTS_MAX = Duration.ofDays(365);

    private final long version;
    private final List<OfContent> ofContent = new ArrayList<>();
    private final List<OfSender> ofSender = new ArrayList<>();
    private int bytes;
    private int leftOut;

    private Ruleset(long version) {
        this.version = version;
    }

    /// Compiles and checks rules.
    ///
    /// @throws InvalidRulesException if something is wrong with one of them
    public static Ruleset of(ModerationRuleset record) throws InvalidRulesException {
        return new Ruleset(record.getVersion()).<InvalidRulesException>with(record, fault -> {
            throw fault;
        });
    }

    /// Compiles rules that were stored, maybe by a release with other bounds: what cannot be applied is left out, and
    /// the rest holds.
    public static Ruleset ofStored(ModerationRuleset record) {
        return new Ruleset(record.getVersion()).<RuntimeException>with(record, _ -> {});
    }

    /// What becomes of a fault: it ends the reading, or something is left out.
    @FunctionalInterface
    private interface Faults<X extends Exception> {
        void add(InvalidRulesException fault) throws X;
    }

    private <X extends Exception> Ruleset with(ModerationRuleset record, Faults<X> faults) throws X {
        Duration newAccounts = null;
        try {
            newAccounts = newAccounts(record);
        } catch (InvalidRulesException e) {
            leave(e, faults);
            // No account is that new. Without an age, the links of everybody would be judged.
            newAccounts = Duration.ZERO;
        }
        List<ModerationRule> rules = record.getRules();
        if (rules.size() > RULES_MAX) {
            leave(
                    new InvalidRulesException("rules: must be at most " + RULES_MAX + ", and are " + rules.size()),
                    faults);
            rules = rules.subList(0, RULES_MAX);
        }
        addAll(rules, new RuleReader(newAccounts, false), faults);
        addAll(
                shipped(record.getDefaults(), faults),
                new RuleReader(newAccounts == null ? ShippedRules.NEW_ACCOUNTS : newAccounts, true),
                faults);
        return this;
    }

    private <X extends Exception> void leave(InvalidRulesException fault, Faults<X> faults) throws X {
        faults.add(fault);
        leftOut++;
    }

    private static @Nullable Duration newAccounts(ModerationRuleset record) throws InvalidRulesException {
        Long millis = record.getNewAccountsMillis();
        if (millis != null && (millis < 1 || millis > NEW_ACCOUNTS_MAX.toMillis())) {
            throw new InvalidRulesException("newAccounts: must be 1s to " + NEW_ACCOUNTS_MAX.toDays() + "d");
        }
        return millis == null ? null : Duration.ofMillis(millis);
    }

    private <X extends Exception> List<ModerationRule> shipped(List<String> names, Faults<X> faults) throws X {
        List<ModerationRule> rules = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            try {
                rules.addAll(ShippedRules.of(name, seen.add(name)));
            } catch (InvalidRulesException e) {
                leave(e, faults);
            }
        }
        return rules;
    }

    private <X extends Exception> void addAll(List<ModerationRule> rules, RuleReader reader, Faults<X> faults)
            throws X {
        for (ModerationRule rule : rules) {
            try {
                switch (reader.read(rule)) {
                    case OfContent judging -> ofContent.add(judging);
                    case OfSender judging -> ofSender.add(judging);
                }
            } catch (InvalidRulesException e) {
                leave(e, faults);
            }
        }
        bytes += reader.bytes();
    }

    /// What could not be applied of stored rules: a number of rules, defaults and other settings.
    public int leftOut() {
        return leftOut;
    }

    /// About how much memory they take.
    public int bytes() {
        return bytes;
    }

    /// The version of the rules.
    public long version() {
        return version;
    }

    /// Whether there is a rule.
    public boolean isEmpty() {
        return ofContent.isEmpty() && ofSender.isEmpty();
    }

    /// Whether the senders of messages are judged too.
    public boolean judgesSenders() {
        return !ofSender.isEmpty();
    }

    /// Whether one of the rules about senders flags: moderators are shown what was flagged.
    public boolean flagsSenders() {
        return ofSender.stream().anyMatch(rule -> rule.action() == RuleAction.FLAG);
    }

    /// How far back senders are judged; zero if what they sent before does not matter.
    public Duration sendsWithin() {
        Duration within = Duration.ZERO;
        for (OfSender rule : ofSender) {
            Duration its = switch (rule) {
                case Flood flood -> flood.within();
                case Repeats repeats -> repeats.within();
                case Rule.LinkOfNewAccount links -> Duration.ZERO;
            };
            within = its.compareTo(within) > 0 ? its : within;
        }
        return within;
    }

    /// The rules that a content breaks, in their order.
    public List<Finding> judge(JudgedContent content) {
        return ofContent.stream()
                .filter(rule -> rule.isBrokenBy(content))
                .map(Rule::finding)
                .toList();
    }

    /// The rules that a sender breaks, in their order.
    public List<Finding> judge(SenderFacts sender) {
        return ofSender.stream()
                .filter(rule -> rule.isBrokenBy(sender))
                .map(Rule::finding)
                .toList();
    }
}
