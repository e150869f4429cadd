package chat.milena.conversation.judge;

import java.util.ArrayDeque;
import java.util.Deque;

/// What a pattern costs once its counted repetitions are written out: `(a{1000}){1000}` is a million instructions.
/// It is known before a pattern is compiled, which would take that memory. Pure.
///
/// An upper bound, for patterns that compile; of others the compiler says what is wrong.
///
/// @param size instructions; a class of characters counts by the ranges that it may have
/// @param steps instructions that take no character: the matcher follows them one inside the other, on its stack
record PatternSize(int size, int steps) {
    /// No pattern that people write comes near; the compiler works recursively.
    private static final int DEPTH_MAX = 250;

    private static final int MANY = Integer.MAX_VALUE;

    /// Ranges of a class with a name, such as `\pL`, or of its complement.
    private static final int RANGES_OF_NAMED = 600;

    private static final int RANGES_OF_SHORT = 8;

    static PatternSize of(String pattern) {
        Reader reader = new Reader(pattern);
        Cost all = reader.read();
        return new PatternSize((int) Math.min(MANY, all.size), (int) Math.min(MANY, all.steps));
    }

    private record Cost(long size, long steps) {
        static final Cost NONE = new Cost(0, 0);
        static final Cost TOO_MUCH = new Cost(MANY, MANY);

        Cost plus(Cost other) {
            return new Cost(Math.min(MANY, size + other.size), Math.min(MANY, steps + other.steps));
        }

        Cost minus(Cost other) {
            return new Cost(size - other.size, steps - other.steps);
        }

        /// The cost of up to `count` repetitions, each of which may be left out.
        Cost times(long count) {
            return new Cost(Math.min(MANY, (size + 1) * count), Math.min(MANY, (steps + 1) * count));
        }
    }

    /// Reads one pattern.
    private static final class Reader {
        private final String pattern;
        private final Deque<Cost> outer = new ArrayDeque<>();
        private int at;
        private Cost all = Cost.NONE;
        private Cost last = Cost.NONE;

        private Reader(String pattern) {
            this.pattern = pattern;
        }

        private Cost read() {
            while (at < pattern.length()) {
                char c = pattern.charAt(at);
                at++;
                switch (c) {
                    case '\\' -> escape();
                    case '[' -> characterClass();
                    case '(' -> open();
                    case ')' -> close();
                    case '{' -> repeat();
                    case '|', '?', '*', '+', '^', '$' -> all = all.plus(new Cost(1, 1));
                    default -> add(new Cost(1, 0));
                }
                if (outer.size() > DEPTH_MAX || all.size >= MANY) {
                    return Cost.TOO_MUCH;
                }
            }
            while (!outer.isEmpty()) {
                close();
            }
            return all;
        }

        private void add(Cost atom) {
            last = atom;
            all = all.plus(atom);
        }

        private void open() {
            outer.push(all);
            all = Cost.NONE;
            last = Cost.NONE;
        }

        private void close() {
            Cost group = all.plus(new Cost(2, 2));
            all = outer.isEmpty() ? Cost.NONE : outer.pop();
            add(group);
        }

        private void escape() {
            if (pattern.startsWith("Q", at)) {
                int end = pattern.indexOf("\\E", at);
                int to = end < 0 ? pattern.length() : end;
                add(new Cost(to - at, 0));
                last = new Cost(1, 0);
                at = end < 0 ? to : to + 2;
                return;
            }
            int ranges = ranges(at);
            // A class such as \p{Greek} or a code such as \x{1F600}.
            boolean named = at + 1 < pattern.length() && pattern.charAt(at + 1) == '{';
            int end = named ? pattern.indexOf('}', at) : -1;
            at = end < 0 ? Math.min(at + 1, pattern.length()) : end + 1;
            add(new Cost(ranges, pattern.regionMatches(true, at - 1, "b", 0, 1) ? 1 : 0));
        }

        /// Ranges of the escape at an index.
        private int ranges(int index) {
            char kind = index < pattern.length() ? pattern.charAt(index) : ' ';
            return switch (kind) {
                case 'p', 'P' -> RANGES_OF_NAMED;
                case 'd', 'D', 'w', 'W', 's', 'S' -> RANGES_OF_SHORT;
                default -> 1;
            };
        }

        private void characterClass() {
            int ranges = 1;
            int first = pattern.startsWith("^", at) ? at + 1 : at;
            at = pattern.startsWith("]", first) ? first + 1 : first;
            while (at < pattern.length() && pattern.charAt(at) != ']') {
                if (pattern.startsWith("[:", at)) {
                    int end = pattern.indexOf(":]", at);
                    at = end < 0 ? at : end;
                }
                boolean escaped = pattern.charAt(at) == '\\';
                ranges += escaped ? ranges(at + 1) : 1;
                at += escaped || pattern.startsWith(":]", at) ? 2 : 1;
            }
            at++;
            add(new Cost(ranges, 0));
        }

        private void repeat() {
            int end = pattern.indexOf('}', at);
            String[] counts =
                    end < 0 ? new String[0] : pattern.substring(at, end).split(",", -1);
            boolean isOne = (counts.length == 1 || counts.length == 2)
                    && isCount(counts[0])
                    && (counts.length == 1 || counts[1].isEmpty() || isCount(counts[1]));
            if (!isOne) {
                add(new Cost(1, 0));
                return;
            }
            long most = Long.parseLong(counts[0]);
            if (counts.length == 2) {
                most = counts[1].isEmpty() ? most + 1 : Math.max(most, Long.parseLong(counts[1]));
            }
            at = end + 1;
            Cost before = last;
            last = before.times(Math.max(1, most));
            all = all.minus(before).plus(last);
        }

        private static boolean isCount(String text) {
            return !text.isEmpty() && text.length() <= 4 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        }
    }
}
