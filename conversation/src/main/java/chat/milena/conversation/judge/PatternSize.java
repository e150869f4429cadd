package chat.milena.conversation.judge;

import java.util.ArrayDeque;
import java.util.Deque;

/// How large a pattern becomes once its counted repetitions are written out: `(a{1000}){1000}` is a million
/// instructions. It is known before a pattern is compiled, which would take that memory. Pure.
///
/// An upper bound, for patterns that compile; of others the compiler says what is wrong.
final class PatternSize {
    /// No pattern that people write comes near; the compiler works recursively.
    private static final int DEPTH_MAX = 250;

    private static final long MANY = Integer.MAX_VALUE;

    private final String pattern;
    private final Deque<Long> outer = new ArrayDeque<>();
    private int at;
    private long size;
    private long last;

    private PatternSize(String pattern) {
        this.pattern = pattern;
    }

    /// The number of instructions, at most [#MANY].
    static int of(String pattern) {
        return (int) new PatternSize(pattern).measured();
    }

    private long measured() {
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            at++;
            switch (c) {
                case '\\' -> escape();
                case '[' -> characterClass();
                case '(' -> open();
                case ')' -> close();
                case '{' -> repeat();
                default -> add(1);
            }
            if (outer.size() > DEPTH_MAX || size >= MANY) {
                return MANY;
            }
        }
        while (!outer.isEmpty()) {
            close();
        }
        return Math.min(size, MANY);
    }

    private void add(long atom) {
        last = atom;
        size = Math.min(MANY, size + atom);
    }

    private void open() {
        outer.push(size);
        size = 0;
        last = 0;
    }

    private void close() {
        long group = size + 2;
        size = outer.isEmpty() ? 0 : outer.pop();
        add(group);
    }

    private void escape() {
        if (pattern.startsWith("Q", at)) {
            int end = pattern.indexOf("\\E", at);
            int to = end < 0 ? pattern.length() : end;
            add(to - at);
            last = 1;
            at = end < 0 ? to : to + 2;
            return;
        }
        // A class such as \p{Greek} or a code such as \x{1F600}.
        boolean named = at + 1 < pattern.length() && pattern.charAt(at + 1) == '{';
        int end = named ? pattern.indexOf('}', at) : -1;
        at = end < 0 ? Math.min(at + 1, pattern.length()) : end + 1;
        add(1);
    }

    private void characterClass() {
        int first = pattern.startsWith("^", at) ? at + 1 : at;
        at = pattern.startsWith("]", first) ? first + 1 : first;
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            if (pattern.startsWith("[:", at)) {
                int end = pattern.indexOf(":]", at);
                at = end < 0 ? at : end;
            }
            at += pattern.charAt(at) == '\\' || pattern.startsWith(":]", at) ? 2 : 1;
        }
        at++;
        add(1);
    }

    private void repeat() {
        int end = pattern.indexOf('}', at);
        String[] counts = end < 0 ? new String[0] : pattern.substring(at, end).split(",", -1);
        if (counts.length < 1 || counts.length > 2 || !isCount(counts[0])) {
            add(1);
            return;
        }
        long most = Long.parseLong(counts[0]);
        if (counts.length == 2) {
            if (!counts[1].isEmpty() && !isCount(counts[1])) {
                add(1);
                return;
            }
            most = counts[1].isEmpty() ? most + 1 : Math.max(most, Long.parseLong(counts[1]));
        }
        at = end + 1;
        long before = last;
        last = Math.min(MANY, before * Math.max(1, most) * 2);
        size = Math.min(MANY, size - before + last);
    }

    private static boolean isCount(String text) {
        return !text.isEmpty() && text.length() <= 4 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
