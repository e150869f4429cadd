package chat.milena.protocol.conversation;

import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The rules for names of users and groups: at least one of their characters is visible, and none makes the name look
/// like another one. Pure.
///
/// Names are kept byte for byte, in any script and with any emoji. Characters that join others (zero-width
/// joiners, variation selectors, combining marks) belong to such names, but do not make a name alone. Characters
/// that control the direction of text are rejected: scripts that are written from the right need none, and they
/// can show `gpj.exe` as `exe.jpg`.
public final class NameRules {
    /// The maximum length of the name of a group, or in a token.
    public static final int CODE_POINTS_MAX = 200;

    /// The property Bidi_Control of Unicode.
    private static final Set<Integer> BIDI_CONTROLS =
            Set.of(0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069);

    /// Letters and symbols by category that are invisible: fillers, and the Braille pattern without dots.
    private static final Set<Integer> BLANK = Set.of(0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0);

    private NameRules() {}

    /// Why this name is rejected, as in "must …"; null if it is not.
    public static @Nullable String fault(String name) {
        return fault(name, CODE_POINTS_MAX);
    }

    /// Why this name is rejected, as in "must …"; null if it is not.
    ///
    /// @param codePointsMax its maximum length
    public static @Nullable String fault(String name, int codePointsMax) {
        if (name.codePointCount(0, name.length()) > codePointsMax
                || codePoints(name).noneMatch(NameRules::isSeen)) {
            return "must be 1 to " + codePointsMax + " characters, at least one of them visible";
        }
        if (codePoints(name).anyMatch(NameRules::isControl)) {
            return "must not hold control characters, line breaks or lone surrogates";
        }
        if (codePoints(name).anyMatch(BIDI_CONTROLS::contains)) {
            return "must not hold characters that control the direction of text";
        }
        return null;
    }

    private static IntStream codePoints(String name) {
        return name.codePoints();
    }

    private static boolean isControl(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> false;
        };
    }

    /// Unassigned characters may be visible to newer software; noncharacters and tags never are.
    private static boolean isSeen(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK -> false;
            case Character.UNASSIGNED -> codePoint >= 0x10000 && codePoint < 0xE0000 && (codePoint & 0xFFFE) != 0xFFFE;
            default -> !BLANK.contains(codePoint);
        };
    }
}
