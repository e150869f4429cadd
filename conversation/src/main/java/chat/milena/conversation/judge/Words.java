package chat.milena.conversation.judge;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The words of a text, in the one form in which they are compared. Pure.
///
/// The form is NFKC, lower case, without marks, apostrophes and invisible characters, and with the Latin twin of
/// letters that have one ([Confusables]). Only letters of Latin, Greek and Cyrillic lose marks that are part of
/// them: elsewhere such a letter is another one. A word is a run of letters or a run of digits: digits are no
/// letters, so they neither stand for one nor continue a word. Single letters with only spaces and punctuation
/// between them are one word. Scripts that are written without spaces have a word for each letter, so a phrase in
/// them is found anywhere.
final class Words {
    private static final Set<UnicodeScript> WITHOUT_SPACES = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    /// Scripts whose letters are the same with and without marks.
    private static final Set<UnicodeScript> WITH_ACCENTS =
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.GREEK, UnicodeScript.CYRILLIC);

    /// Scripts of marks that only point a letter.
    private static final Set<UnicodeScript> POINTING =
            EnumSet.of(UnicodeScript.INHERITED, UnicodeScript.HEBREW, UnicodeScript.ARABIC);

    /// The marks of kana, with which a letter is another one; and a letter that is no other one with a mark.
    private static final String KANA_MARKS = "\u3099\u309a";

    private static final int SHORT_I = 'й';
    private static final int FINAL_SIGMA = 'ς';
    private static final int SIGMA = 'σ';

    private static final String APOSTROPHES = "'’‘ʼ`";

    /// Letters that nobody sees.
    private static final String FILLERS = "\u115f\u1160\u3164\uffa0";

    /// How the single letters of a run are read.
    private enum Singles {
        JOINED,
        /// The first one is a word of its own, such as "a".
        FIRST_APART,
        LAST_APART,
        APART
    }

    private final Singles reading;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    /// Single letters since the last word, each one code point.
    private final List<String> singles = new ArrayList<>();

    private boolean hasRun;
    private boolean inDigits;

    private Words(Singles reading) {
        this.reading = reading;
    }

    /// The words, in order.
    static List<String> of(String text) {
        return read(visible(text), Singles.JOINED).words;
    }

    /// All that the words may be: as [#of], and where there are single letters in a row, also with the first, the
    /// last or each of them as a word of its own.
    static List<List<String>> readings(String text) {
        String visible = visible(text);
        Words joined = read(visible, Singles.JOINED);
        if (!joined.hasRun) {
            return List.of(joined.words);
        }
        return List.of(
                joined.words,
                read(visible, Singles.FIRST_APART).words,
                read(visible, Singles.LAST_APART).words,
                read(visible, Singles.APART).words);
    }

    private static Words read(String visible, Singles reading) {
        Words words = new Words(reading);
        visible.codePoints().forEach(words::add);
        words.endWord();
        words.endSingles();
        return words;
    }

    /// The text in the form that is compared, with everything between words as it was.
    private static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        Normalizer.normalize(text, Form.NFKC).codePoints().forEach(codePoint -> {
            int lower = lower(codePoint);
            if (lower != SHORT_I && lower >= 0x80 && WITH_ACCENTS.contains(UnicodeScript.of(lower))) {
                Normalizer.normalize(Character.toString(lower), Form.NFKD)
                        .codePoints()
                        .forEach(part -> show(part, visible));
            } else {
                show(lower, visible);
            }
        });
        return visible.toString();
    }

    /// By itself: lower case that looks at what is around a letter would take long, and make two forms of one
    /// word.
    private static int lower(int codePoint) {
        int lower = Character.toLowerCase(codePoint);
        return lower == FINAL_SIGMA ? SIGMA : lower;
    }

    private static void show(int codePoint, StringBuilder visible) {
        if (isVisible(codePoint)) {
            visible.appendCodePoint(Confusables.letter(codePoint));
        }
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK ->
                KANA_MARKS.indexOf(codePoint) >= 0 || !POINTING.contains(UnicodeScript.of(codePoint));
            case Character.ENCLOSING_MARK, Character.FORMAT -> false;
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
        int type = Character.getType(codePoint);
        return Character.isLetter(codePoint)
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.NON_SPACING_MARK;
    }

    private void endWord() {
        if (word.isEmpty()) {
            return;
        }
        if (!inDigits && word.codePointCount(0, word.length()) == 1) {
            singles.add(word.toString());
        } else {
            endSingles();
            words.add(word.toString());
        }
        word.setLength(0);
    }

    private void endSingles() {
        if (singles.isEmpty()) {
            return;
        }
        int size = singles.size();
        hasRun |= size > 1;
        int from = size > 1 && reading == Singles.FIRST_APART ? 1 : 0;
        int to = size > 1 && reading == Singles.LAST_APART ? size - 1 : size;
        words.addAll(singles.subList(0, from));
        if (reading == Singles.APART) {
            words.addAll(singles);
        } else {
            words.add(String.join("", singles.subList(from, to)));
        }
        words.addAll(singles.subList(to, size));
        singles.clear();
    }
}
