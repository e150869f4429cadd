package chat.milena.conversation.judge;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The words of a text, in the one form in which they are compared. Pure.
///
/// The form is NFKC, lower case, without marks, apostrophes and invisible characters, and with the Latin twin of
/// letters that have one ([Confusables]). A word is a run of letters or a run of digits: digits are no letters, so
/// they neither stand for one nor continue a word. Single letters with only spaces and punctuation between them
/// are one word. Scripts that are written without spaces have a word for each letter, so a phrase in them is found
/// anywhere.
final class Words {
    private static final Set<UnicodeScript> WITHOUT_SPACES = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    private static final String APOSTROPHES = "'’‘ʼ`";

    /// Letters that nobody sees.
    private static final String FILLERS = "\u115f\u1160\u3164\uffa0";

    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    /// Single letters since the last word.
    private final StringBuilder singles = new StringBuilder();

    private boolean inDigits;

    private Words() {}

    /// The words, in order.
    static List<String> of(String text) {
        Words words = new Words();
        visible(text).codePoints().forEach(words::add);
        words.endWord();
        words.endSingles();
        return words.words;
    }

    /// The text in the form that is compared, with everything between words as it was.
    private static String visible(String text) {
        String lower = Normalizer.normalize(text, Form.NFKC).toLowerCase(Locale.ROOT);
        StringBuilder visible = new StringBuilder(lower.length());
        Normalizer.normalize(lower, Form.NFKD)
                .codePoints()
                .filter(Words::isVisible)
                .map(Confusables::letter)
                .forEach(visible::appendCodePoint);
        return visible.toString();
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> false;
            default -> APOSTROPHES.indexOf(codePoint) < 0 && FILLERS.indexOf(codePoint) < 0;
        };
    }

    private void add(int codePoint) {
        boolean digit = Character.isDigit(codePoint);
        if (!digit && !isLetter(codePoint)) {
            endWord();
            return;
        }
        if (digit != inDigits) {
            endWord();
        }
        inDigits = digit;
        if (!digit && WITHOUT_SPACES.contains(UnicodeScript.of(codePoint))) {
            endWord();
            endSingles();
            words.add(Character.toString(codePoint));
        } else {
            word.appendCodePoint(codePoint);
        }
    }

    private static boolean isLetter(int codePoint) {
        return Character.isLetter(codePoint) || Character.getType(codePoint) == Character.COMBINING_SPACING_MARK;
    }

    private void endWord() {
        if (word.isEmpty()) {
            return;
        }
        if (!inDigits && word.codePointCount(0, word.length()) == 1) {
            singles.append(word);
        } else {
            endSingles();
            words.add(word.toString());
        }
        word.setLength(0);
    }

    private void endSingles() {
        if (!singles.isEmpty()) {
            words.add(singles.toString());
            singles.setLength(0);
        }
    }
}
