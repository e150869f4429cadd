package chat.milena.conversation.judge;

import chat.milena.conversation.judge.Rule.Flood;
import chat.milena.conversation.judge.Rule.OfContent;
import chat.milena.conversation.judge.Rule.OfSender;
import chat.milena.conversation.judge.Rule.Repeats;
import chat.milena.schemas.avro.ModerationRule;
import chat.milena.schemas.avro.ModerationRuleset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private Ruleset(long version) {
        this.version = version;
    }

    /// Compiles and checks rules.
    ///
    /// @throws InvalidRulesException if something is wrong with one of them
    public static Ruleset of(ModerationRuleset record) throws InvalidRulesException {
        Duration newAccounts = newAccounts(record);
        List<ModerationRule> rules = new ArrayList<>(record.getRules());
        if (rules.size() > RULES_MAX) {
            throw new InvalidRulesException("rules: must be at most " + RULES_MAX + ", and are " + rules.size());
        }
        Ruleset set = new Ruleset(record.getVersion());
        set.addAll(rules, new RuleReader(newAccounts, false));
        set.addAll(
                ShippedRules.of(record.getDefaults()),
                new RuleReader(newAccounts == null ? ShippedRules.NEW_ACCOUNTS : newAccounts, true));
        return set;
    }

    private static @Nullable Duration newAccounts(ModerationRuleset record) throws InvalidRulesException {
        Long millis = record.getNewAccountsMillis();
        if (millis != null && (millis < 1 || millis > NEW_ACCOUNTS_MAX.toMillis())) {
            throw new InvalidRulesException("newAccounts: must be 1s to " + NEW_ACCOUNTS_MAX.toDays() + "d");
        }
        return millis == null ? null : Duration.ofMillis(millis);
    }

    private void addAll(List<ModerationRule> rules, RuleReader reader) throws InvalidRulesException {
        for (ModerationRule rule : rules) {
            switch (reader.read(rule)) {
                case OfContent judging -> ofContent.add(judging);
                case OfSender judging -> ofSender.add(judging);
            }
        }
        bytes += reader.bytes();
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
    public List<Verdict> judge(JudgedContent content) {
        return ofContent.stream()
                .filter(rule -> rule.isBrokenBy(content))
                .map(Rule::verdict)
                .toList();
    }

    /// The rules that a sender breaks, in their order.
    public List<Verdict> judge(SenderFacts sender) {
        return ofSender.stream()
                .filter(rule -> rule.isBrokenBy(sender))
                .map(Rule::verdict)
                .toList();
    }
}
