package chat.milena.conversation.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.conversation.judge.SenderFacts.RecentSend;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ModerationRule;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.RuleKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesetTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private static ModerationRule rule(String name, String kind, Consumer<ModerationRule> with) {
        ModerationRule rule = new ModerationRule();
        rule.setName(name);
        rule.setKind(kind);
        rule.setAction("remove");
        rule.setWords(List.of());
        with.accept(rule);
        return rule;
    }

    private static ModerationRule words(String name, String... words) {
        return rule(name, "words", rule -> rule.setWords(List.of(words)));
    }

    private static ModerationRule pattern(String pattern) {
        return rule("p", "pattern", rule -> rule.setPattern(pattern));
    }

    private static ModerationRule second() {
        return rule("q", "pattern", rule -> rule.setPattern("y".repeat(16_000)));
    }

    private static ModerationRule counting(String kind, int times, long withinMillis) {
        return rule(kind, kind, rule -> {
            rule.setTimes(times);
            rule.setWithinMillis(withinMillis);
        });
    }

    @Test
    void storedRulesHoldWithoutThoseThatCannotBeApplied() {
        ModerationRule large = rule("large", "pattern", rule -> rule.setPattern("x{1000}{1000}"));
        ModerationRule unknown = rule("unknown", "telepathy", rule -> {});
        ModerationRuleset stored = record(List.of(large, words("w", "casino"), unknown, pattern("[0-9]{3}"), second()));
        stored.setDefaults(List.of("telepathy", "floods"));

        Ruleset rules = Ruleset.ofStored(stored);

        assertThat(rules.leftOut()).isEqualTo(3);
        assertThat(rules.judge(JudgedContent.of("casino 123", null)))
                .extracting(Finding::rule)
                .containsExactly("w", "p");
        assertThat(rules.judgesSenders()).isTrue();
        assertThatThrownBy(() -> Ruleset.of(stored)).isInstanceOf(InvalidRulesException.class);
    }

    @Test
    void storedAgeThatCannotBeJudgesTheLinksOfNobody() {
        ModerationRuleset stored = record(List.of(rule("l", "links", rule -> {})));
        stored.setNewAccountsMillis(-1L);

        Ruleset rules = Ruleset.ofStored(stored);

        assertThat(rules.leftOut()).isEqualTo(1);
        assertThat(rules.judge(new SenderFacts(1, true, List.of(), Duration.ZERO)))
                .isEmpty();
        assertThat(rules.judge(JudgedContent.of("https://a.example", null))).isEmpty();
    }

    private static ModerationRuleset record(List<ModerationRule> rules) {
        return new ModerationRuleset(7L, Instant.EPOCH, rules, List.of(), null, null);
    }

    private static Ruleset ruleset(ModerationRule... rules) throws InvalidRulesException {
        return Ruleset.of(record(List.of(rules)));
    }

    private static boolean breaks(Ruleset rules, String text) {
        return !rules.judge(JudgedContent.of(text, null)).isEmpty();
    }

    @Test
    void verdictNamesTheRule() throws InvalidRulesException {
        Ruleset rules = ruleset(words("bad", "free money"), words("worse", "casino"));

        assertThat(rules.version()).isEqualTo(7);
        assertThat(rules.judge(JudgedContent.of("FREE, money! C.A.S.I.N.O", null)))
                .containsExactly(
                        new Finding("bad", RuleKind.WORDS, RuleAction.REMOVE),
                        new Finding("worse", RuleKind.WORDS, RuleAction.REMOVE));
        assertThat(breaks(rules, "free of money, casinos")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a v i a g r a pill", "I v i a g r a", "v.i.a.g.r.a x", "take vitamin c a day", "vitamin c"})
    void singleLettersOfPlainTextHideNoWord(String text) throws InvalidRulesException {
        assertThat(breaks(ruleset(words("w", "viagra", "vitamin c")), text)).isTrue();
    }

    @Test
    void patternsSeeTheTextAsWritten() throws InvalidRulesException {
        Ruleset rules = ruleset(pattern("B[UÜ]Y \\d+"));

        assertThat(breaks(rules, "now BÜY 10 of them")).isTrue();
        assertThat(breaks(rules, "now büy 10")).isFalse();
        assertThat(breaks(rules, "B U Y 10")).isFalse();
    }

    @Test
    void mediaAndFileNamesAreJudged() throws InvalidRulesException {
        Ruleset rules = ruleset(words("w", "free money"), pattern("\\.exe$"));
        String url = "https://cdn.example/a/fr%65e%20money.exe?x=/y#z";

        assertThat(rules.judge(JudgedContent.of(new Content("file", "look", url, null, null))))
                .hasSize(2);
        assertThat(rules.judge(JudgedContent.of(null, "https://cdn.example"))).isEmpty();
        assertThat(FileNames.of("https://cdn.example/%zz%4")).isEqualTo("%zz%4");
        assertThat(FileNames.of("https://cdn.example/a/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "see https://a.example/x",
                "HTTP://1.2.3.4",
                "hxxp://evil.example",
                "www.example.co.uk",
                "go to t.me/abc",
                "bit.ly/3x",
                "cheap-pills.shop",
                "ｈｔｔｐｓ://a.example",
                "exam\u200bple.com"
            })
    void linksAreFound(String text) throws InvalidRulesException {
        assertThat(breaks(ruleset(rule("l", "links", rule -> {})), text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "e.g. this", "wait...what", "and/or", "version 1.2.3", "a.b", "http:", "end.Of sentence"})
    void otherTextsHaveNoLink(String text) throws InvalidRulesException {
        assertThat(breaks(ruleset(rule("l", "links", rule -> {})), text)).isFalse();
    }

    private static SenderFacts sender(boolean hasLink, Duration accountAge, long... sentAgo) {
        List<RecentSend> sends = new ArrayList<>();
        for (int i = 0; i < sentAgo.length; i++) {
            sends.add(new RecentSend(Duration.ofMillis(sentAgo[i]), i % 2));
        }
        return new SenderFacts(0, hasLink, sends, accountAge);
    }

    @Test
    void linksMayBeJudgedOfNewAccountsAlone() throws InvalidRulesException {
        ModerationRuleset record = record(List.of(rule("l", "links", rule -> {})));
        record.setNewAccountsMillis(Duration.ofHours(24).toMillis());
        Ruleset rules = Ruleset.of(record);

        assertThat(breaks(rules, "https://a.example")).isFalse();
        assertThat(rules.judgesSenders()).isTrue();
        assertThat(rules.sendsWithin()).isZero();
        assertThat(rules.judge(sender(true, Duration.ofHours(23)))).hasSize(1);
        assertThat(rules.judge(sender(false, Duration.ofHours(23)))).isEmpty();
        assertThat(rules.judge(sender(true, Duration.ofHours(24)))).isEmpty();
    }

    @Test
    void floodIsManyMessagesWithinTheTime() throws InvalidRulesException {
        Ruleset rules = ruleset(counting("flood", 3, 5_000));

        assertThat(rules.sendsWithin()).hasSeconds(5);
        assertThat(rules.judge(sender(false, YEAR, 0, 10, 4_999))).hasSize(1);
        assertThat(rules.judge(sender(false, YEAR, 0, 10, 5_000))).isEmpty();
    }

    @Test
    void repeatsAreTheSameContent() throws InvalidRulesException {
        Ruleset rules = ruleset(counting("repeats", 2, 60_000));

        assertThat(rules.judge(sender(false, YEAR, 0, 1, 59_999))).hasSize(1);
        assertThat(rules.judge(sender(false, YEAR, 0, 1, 60_000, 2))).isEmpty();
    }

    @Test
    void contentWithTheSameWordsHasTheSameHash() {
        assertThat(JudgedContent.of("Buy N.O.W.!", null).hash())
                .isEqualTo(JudgedContent.of("buy now", null).hash())
                .isNotEqualTo(JudgedContent.of("buy later", null).hash())
                .isNotEqualTo(JudgedContent.of("buy now", "https://a.example/b").hash());
        assertThat(JudgedContent.of("🔥", null).hash())
                .isNotEqualTo(JudgedContent.of("💧", null).hash());
    }

    @Test
    void oneRemovalIsCarriedOutOrAllFlags() {
        Finding flag = new Finding("f", RuleKind.WORDS, RuleAction.FLAG);
        Finding remove = new Finding("r", RuleKind.WORDS, RuleAction.REMOVE);

        assertThat(Finding.carriedOut(List.of(flag, remove, remove))).containsExactly(remove);
        assertThat(Finding.carriedOut(List.of(flag, flag))).containsExactly(flag, flag);
        assertThat(Finding.carriedOut(List.of())).isEmpty();
    }

    @Test
    void shippedRulesHoldOnceChosen() throws InvalidRulesException {
        ModerationRuleset record = record(List.of());
        assertThat(Ruleset.of(record).isEmpty()).isTrue();

        record.setDefaults(List.of("spam", "links", "floods"));
        Ruleset rules = Ruleset.of(record);

        assertThat(breaks(rules, "Y.o.u have WON")).isTrue();
        assertThat(breaks(rules, "You could win a £2,000 voucher")).isTrue();
        assertThat(breaks(rules, "I have one, and you could win too")).isFalse();
        assertThat(rules.judge(sender(true, Duration.ofHours(1)))).hasSize(1);
        assertThat(rules.judge(sender(true, Duration.ofHours(24)))).isEmpty();
        assertThat(rules.judge(sender(false, YEAR, 0, 1, 2, 3, 4, 5, 6, 7))).hasSize(1);
    }

    /// @param fault the start of the sentence
    record Bad(String name, ModerationRuleset rules, String fault) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Bad bad(String name, String fault, ModerationRule... rules) {
        return new Bad(name, record(List.of(rules)), fault);
    }

    private static Bad of(String name, String fault, Consumer<ModerationRuleset> change) {
        ModerationRuleset rules = record(List.of());
        change.accept(rules);
        return new Bad(name, rules, fault);
    }

    static Stream<Bad> badRules() {
        List<ModerationRule> many = new ArrayList<>();
        IntStream.rangeClosed(0, 100).forEach(i -> many.add(words("w" + i, "x")));
        List<String> words = Collections.nCopies(10_001, "x");
        String[] tooMany = words.toArray(String[]::new);
        return Stream.of(
                new Bad("101 rules", record(many), "rules: must be at most 100, and are 101"),
                bad("two of a name", "rule a: name: must be unique", words("a", "x"), words("a", "y")),
                bad("no name", "the name of a rule", words(" ", "x")),
                bad("long name", "the name of a rule", words("n".repeat(101), "x")),
                bad("action", "rule a: action: must be", rule("a", "links", rule -> rule.setAction("ban"))),
                bad("kind", "rule a: kind: must be", rule("a", "magic", rule -> {})),
                bad("no words", "rule a: words: must have", words("a")),
                bad("10,001 words", "rule a: words: all rules together", words("a", tooMany)),
                bad(
                        "10,001 words of two",
                        "rule b: words: all",
                        words("a", "x"),
                        words("b", words.subList(1, 10_001).toArray(String[]::new))),
                bad("word without letters", "rule a: words[1]: must have a letter", words("a", "x", "…")),
                bad("long word", "rule a: words[0]: must have", words("a", "x".repeat(201))),
                bad("no pattern", "rule p: pattern: is required", rule("p", "pattern", rule -> {})),
                bad("empty pattern", "rule p: pattern: is required", pattern("")),
                bad("100 KB pattern", "rule p: pattern: must have at most 16384 bytes", pattern("x".repeat(100_000))),
                bad("open group", "rule p: pattern: does not compile", pattern("(a")),
                bad("backreference", "rule p: pattern: does not compile", pattern("(a)\\1")),
                bad("lookahead", "rule p: pattern: does not compile", pattern("(?=a)")),
                bad("bad class", "rule p: pattern: does not compile", pattern("[z-a]")),
                bad("million", "rule p: pattern: all patterns", pattern("(a{1000}){1000}")),
                bad("nested", "rule p: pattern: all patterns", pattern("(((a{1,99}){1,99}){1,99}){1,99}")),
                bad("deep", "rule p: pattern: all patterns", pattern("(".repeat(5_000) + "a" + ")".repeat(5_000))),
                bad("nothing, often", "rule p: pattern: all patterns", pattern("(){1000}".repeat(12))),
                bad("maybes", "rule p: pattern: all patterns", pattern("a?".repeat(8_000))),
                bad("large classes", "rule p: pattern: all patterns", pattern("\\pL".repeat(5_000))),
                bad("two large ones", "rule q: pattern: all patterns", pattern("x".repeat(16_000)), second()),
                bad("name of a shipped one", "rule default:spam: name: must not", words("default:spam", "x")),
                bad("flood of one", "rule flood: messages: must be", counting("flood", 1, 5_000)),
                bad("flood of 101", "rule flood: messages: must be", counting("flood", 101, 5_000)),
                bad("repeats of one", "rule repeats: times: must be", counting("repeats", 1, 5_000)),
                bad("short time", "rule flood: within: must be", counting("flood", 5, 999)),
                bad("long time", "rule flood: within: must be", counting("flood", 5, 3_600_001)),
                of("unknown default", "defaults: must be", rules -> rules.setDefaults(List.of("all"))),
                of("default twice", "defaults: names spam", rules -> rules.setDefaults(List.of("spam", "spam"))),
                of("new accounts of 0", "newAccounts: must be", rules -> rules.setNewAccountsMillis(0L)));
    }

    @ParameterizedTest
    @MethodSource("badRules")
    void badRulesAreRejectedInOneSentence(Bad bad) {
        assertThatThrownBy(() -> Ruleset.of(bad.rules()))
                .isInstanceOf(InvalidRulesException.class)
                .hasMessageStartingWith(bad.fault())
                .message()
                .doesNotContain("\n");
    }

    @Test
    void limitsThemselvesAreAllowed() throws InvalidRulesException {
        List<ModerationRule> rules = new ArrayList<>();
        IntStream.range(0, 99).forEach(i -> rules.add(words("w" + i, "x" + i)));
        rules.add(pattern("x".repeat(16 << 10)));

        assertThat(Ruleset.of(record(rules)).isEmpty()).isFalse();
        assertThat(ruleset(words("w", Collections.nCopies(10_000, "y").toArray(String[]::new))))
                .isNotNull();
        assertThat(ruleset(pattern("[\\w.+-]{1,64}@[[:alnum:]]{2,63}\\.(?i:com|net)\\b")))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a{3}", "a{2,}", "\\p{Greek}", "\\Q{1000}{1000}\\E", "[{1000}]", "a{,5}", "a{x}", "[]a]{2}"})
    void sizeOfOrdinaryPatternsIsSmall(String pattern) {
        assertThat(PatternSize.of(pattern).size()).isBetween(1, 700);
        assertThat(PatternSize.of(pattern).steps()).isLessThan(10);
    }

    @Test
    void patternsThatTakeLongElsewhereTakeLinearTime() throws InvalidRulesException {
        Ruleset rules = ruleset(pattern("(a+)+$"));

        assertThat(breaks(rules, "a".repeat(10_000) + "!")).isFalse();
    }
}
