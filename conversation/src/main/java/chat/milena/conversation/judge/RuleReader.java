package chat.milena.conversation.judge;

import chat.milena.schemas.avro.ModerationRule;
import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.RuleKind;
import chat.milena.schemas.word.Word;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes rules of their records, and checks them. Its bounds count all rules of a tenant together, but not those that
/// it rejects. Used once.
final class RuleReader {
    private static final int NAME_CODE_POINTS_MAX = 100;
    private static final int WORD_CODE_POINTS_MAX = 200;
    /// Instructions of all patterns of a tenant. Each character of a message is compared with each of them, at
    /// worst.
    private static final int PATTERNS_SIZE_MAX = 20_000;

    /// Maximum depth of one pattern: a quarter of what the stack of a thread has room for.
    private static final int STEPS_MAX = 2_000;

    /// About what a word and an instruction take in memory.
    private static final int WORD_BYTES = 256;

    private static final int INSTRUCTION_BYTES = 64;

    private final boolean shipped;
    private final @Nullable Duration newAccounts;
    private final Set<String> names = new HashSet<>();
    private int words;
    private int patternsSize;

    /// @param newAccounts up to which age the links of an account are judged; null for all
    /// @param shipped whether the rules are not the tenant's own
    RuleReader(@Nullable Duration newAccounts, boolean shipped) {
        this.newAccounts = newAccounts;
        this.shipped = shipped;
    }

    /// About how much memory the rules take that were read.
    int bytes() {
        return words * WORD_BYTES + patternsSize * INSTRUCTION_BYTES;
    }

    Rule read(ModerationRule rule) throws InvalidRulesException {
        String name = rule.getName();
        int length = name.codePointCount(0, name.length());
        if (name.isBlank() || length > NAME_CODE_POINTS_MAX) {
            throw new InvalidRulesException(
                    "the name of a rule must have 1 to " + NAME_CODE_POINTS_MAX + " characters, not only spaces");
        }
        if (!shipped && name.startsWith(ShippedRules.PREFIX)) {
            throw fault(rule, "name", "must not begin with " + ShippedRules.PREFIX);
        }
        if (!names.add(name)) {
            throw fault(rule, "name", "must be unique, and two rules have it");
        }
        RuleAction action = Word.parse(RuleAction.class, rule.getAction()).orElse(null);
        if (action == null) {
            throw fault(rule, "action", "must be flag or remove");
        }
        RuleKind kind = Word.parse(RuleKind.class, rule.getKind()).orElse(null);
        return switch (kind) {
            case null -> throw fault(rule, "kind", "must be words, pattern, links, flood or repeats");
            case WORDS -> new Rule.WordList(name, action, tree(rule));
            case PATTERN -> new Rule.Matching(name, action, pattern(rule));
            case LINKS -> Rule.links(name, action, newAccounts);
            case FLOOD -> new Rule.Flood(name, action, times(rule, "messages"), within(rule));
            case REPEATS -> new Rule.Repeats(name, action, times(rule, "times"), within(rule));
        };
    }

    private WordTree tree(ModerationRule rule) throws InvalidRulesException {
        if (rule.getWords().isEmpty()) {
            throw fault(rule, "words", "must have at least one");
        }
        int allWords = words + rule.getWords().size();
        if (allWords > Ruleset.WORDS_MAX) {
            throw fault(rule, "words", "all rules together must have at most " + Ruleset.WORDS_MAX);
        }
        WordTree tree = new WordTree();
        for (int i = 0; i < rule.getWords().size(); i++) {
            String word = rule.getWords().get(i);
            List<String> phrase = Words.of(word);
            if (phrase.isEmpty() || word.codePointCount(0, word.length()) > WORD_CODE_POINTS_MAX) {
                throw fault(
                        rule,
                        "words[" + i + "]",
                        "must have a letter or a digit, and at most " + WORD_CODE_POINTS_MAX + " characters");
            }
            tree.add(phrase);
        }
        words = allWords;
        return tree;
    }

    private Pattern pattern(ModerationRule rule) throws InvalidRulesException {
        String pattern = rule.getPattern();
        if (pattern == null || pattern.isEmpty()) {
            throw fault(rule, "pattern", "is required");
        }
        int bytes = pattern.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Ruleset.PATTERN_BYTES_MAX) {
            throw fault(rule, "pattern", "must have at most " + Ruleset.PATTERN_BYTES_MAX + " bytes, and has " + bytes);
        }
        PatternSize size = PatternSize.of(pattern);
        long allPatterns = (long) patternsSize + size.size();
        if (size.steps() > STEPS_MAX || allPatterns > PATTERNS_SIZE_MAX) {
            throw fault(rule, "pattern", "all patterns together have too many characters, repetitions and choices");
        }
        try {
            Pattern compiled = Pattern.compile(pattern);
            patternsSize = (int) allPatterns;
            return compiled;
        } catch (PatternSyntaxException e) {
            throw fault(rule, "pattern", "does not compile: " + e.getDescription());
        }
    }

    private static int times(ModerationRule rule, String field) throws InvalidRulesException {
        int times = rule.getTimes();
        if (times < 2 || times > Ruleset.TIMES_MAX) {
            throw fault(rule, field, "must be 2 to " + Ruleset.TIMES_MAX);
        }
        return times;
    }

    private static Duration within(ModerationRule rule) throws InvalidRulesException {
        Duration within = Duration.ofMillis(rule.getWithinMillis());
        if (within.compareTo(Duration.ofSeconds(1)) < 0 || within.compareTo(Ruleset.WITHIN_MAX) > 0) {
            throw fault(rule, "within", "must be 1s to " + Ruleset.WITHIN_MAX.toHours() + "h");
        }
        return within;
    }

    private static InvalidRulesException fault(ModerationRule rule, String field, String what) {
        return new InvalidRulesException("rule " + rule.getName() + ": " + field + ": " + what);
    }
}
