/// The answers to reads, and the rules that check them.
@NullMarked
package chat.milena.bench.answer;

import org.jspecify.annotations.NullMarked;
