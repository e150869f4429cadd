package chat.milena.conversation.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    private static final String SPAM = "spam";
    private static final String[] GAPS = {" ", ".", "-", "_", "*", " - ", "\n", "/", "…", "·", "\u200b ", "🔥"};
    private static final String[] INVISIBLE = {"\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u0301", "\u0336", "'"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spam",
                "SPAM",
                "ＳＰＡＭ",
                "𝐬𝐩𝐚𝐦",
                "ⓢⓟⓐⓜ",
                "s p a m",
                "S.P.A.M.",
                "s_p-a*m",
                "s\u200bp\u200ba\u200bm",
                "sp\u00adam",
                "śṕáḿ",
                "s̶p̶a̶m̶",
                "ѕраm",
                "ЅРАМ",
                "ѕрам",
                "ꜱⲣɑм",
                "s'p'a'm",
                "(spam)",
                "¡spam!"
            })
    void disguisesOfAWordAreTheWord(String text) {
        assertThat(Words.of(text)).containsExactly(SPAM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spammer", "antispam", "spa m", "sp am", "s p a 1 m", "5pam", "sp4m", "spa", "s p a", ""})
    void otherWordsAreNot(String text) {
        assertThat(Words.of(text)).doesNotContain(SPAM);
    }

    @Test
    void digitsEndAWordAndAreWords() {
        assertThat(Words.of("spam123 4 u")).containsExactly("spam", "123", "4", "u");
    }

    @Test
    void singleLettersAreJoinedOnlyWithEachOther() {
        assertThat(Words.of("a word, s p a m, and a word")).containsExactly("a", "word", "spam", "and", "a", "word");
    }

    @Test
    void apostrophesAreNotBetweenWords() {
        assertThat(Words.of("it's ’quoted’ don‘t")).containsExactly("its", "quoted", "dont");
    }

    @Test
    void wordsOfOtherScriptsStayWords() {
        assertThat(Words.of("Привет, мир")).isEqualTo(Words.of("ПРИВЕТ мир")).hasSize(2);
        assertThat(Words.of("हिन्दी भाषा")).hasSize(2);
        assertThat(Words.of("가나 다")).hasSize(2);
    }

    @Test
    void lettersOfOtherScriptsAreNotTakenApart() {
        assertThat(Words.of("ばか")).isNotEqualTo(Words.of("はか"));
        assertThat(Words.of("パン")).isNotEqualTo(Words.of("ハン"));
        assertThat(Words.of("は\u3099か")).isEqualTo(Words.of("ばか"));
        assertThat(Words.of("мой")).isNotEqualTo(Words.of("мои"));
        assertThat(Words.of("कि")).isNotEqualTo(Words.of("कु"));
        assertThat(Words.of("바 보")).isEqualTo(Words.of("바보")).hasSize(1);
    }

    @Test
    void sigmaIsOneLetterWhereverItStands() {
        assertThat(Words.of("ΟΔΟΣ οδοσ")).containsExactly("oδoo", "oδoo");
        assertThat(Words.of("Σ".repeat(4_000))).singleElement().asString().hasSize(4_000);
    }

    @Test
    void singleLettersAreReadInEachWay() {
        assertThat(Words.readings("a b c"))
                .containsExactly(List.of("abc"), List.of("a", "bc"), List.of("ab", "c"), List.of("a", "b", "c"));
        assertThat(Words.readings("one a two")).containsExactly(List.of("one", "a", "two"));
    }

    @Test
    void scriptsWithoutSpacesAreFoundAnywhere() {
        WordTree tree = new WordTree();
        tree.add(Words.of("免费"));

        assertThat(tree.isIn(Words.of("今天免费送"))).isTrue();
        assertThat(tree.isIn(Words.of("费免"))).isFalse();
    }

    @Test
    void joinedSinglesEndBeforeALetterOfAScriptWithoutSpaces() {
        assertThat(Words.of("a b免c")).containsExactly("ab", "免", "c");
    }

    @RepeatedTest(300)
    void anyMixtureOfDisguisesIsTheWord(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        String text = disguised(random);

        assertThat(Words.of(text)).as("seed %s: %s", seed, text).containsExactly("before", SPAM, "after");
    }

    private static String disguised(Random random) {
        String[] twins = {"sѕꜱՏśｓ𝐬S", "pрρⲣＰṕⓟP", "aаɑαÁⓐꓮA", "mмϻⓜＭḿM"};
        boolean spaced = random.nextBoolean();
        StringBuilder text = new StringBuilder("before ");
        for (int i = 0; i < twins.length; i++) {
            int[] letters = twins[i].codePoints().toArray();
            if (spaced && i > 0) {
                text.append(GAPS[random.nextInt(GAPS.length)]);
            }
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
            if (random.nextInt(3) == 0) {
                text.append(INVISIBLE[random.nextInt(INVISIBLE.length)]);
            }
        }
        return text.append(" after").toString();
    }

    /// Whatever people type: words have no spaces, no capitals and no marks, and are the words of themselves.
    @RepeatedTest(300)
    void wordsAreInTheirOwnForm(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            int codePoint = random.nextInt(random.nextBoolean() ? 0x3000 : 0x20000);
            text.appendCodePoint(codePoint >= 0xd800 && codePoint < 0xe000 ? ' ' : codePoint);
        }

        List<String> words = Words.of(text.toString());

        String described = "seed " + seed;
        assertThat(words).as(described).allSatisfy(word -> assertThat(word).isNotBlank());
        for (String word : words) {
            String composed = Normalizer.normalize(word, Form.NFC);
            assertThat(String.join("", Words.of(composed))).as(described).isEqualTo(word);
        }
    }
}
