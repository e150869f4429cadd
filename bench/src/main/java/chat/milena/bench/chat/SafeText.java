package chat.milena.bench.chat;

/// Makes text of other people safe for a terminal: characters that would move the cursor, color the screen, ring
/// the bell, reorder or hide text are shown as a visible sign instead.
final class SafeText {
    private static final char CONTROL_PICTURES = '\u2400';
    private static final char DELETE_PICTURE = '\u2421';
    private static final char REPLACEMENT = '\ufffd';

    private SafeText() {}

    static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (codePoint == '\t') {
                safe.append(' ');
            } else if (codePoint < 0x20) {
                safe.append((char) (CONTROL_PICTURES + codePoint));
            } else if (codePoint == 0x7f) {
                safe.append(DELETE_PICTURE);
            } else if (isUnsafe(codePoint)) {
                safe.append(REPLACEMENT);
            } else {
                safe.appendCodePoint(codePoint);
            }
        });
        return safe.toString();
    }

    private static boolean isUnsafe(int codePoint) {
        boolean reorders = (codePoint >= 0x202a && codePoint <= 0x202e)
                || (codePoint >= 0x2066 && codePoint <= 0x2069)
                || codePoint == 0x200e
                || codePoint == 0x200f
                || codePoint == 0x061c;
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> reorders;
        };
    }
}
