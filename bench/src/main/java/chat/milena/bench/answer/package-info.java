/// What reads answer, and whether it is right.
@NullMarked
package chat.milena.bench.answer;

import org.jspecify.annotations.NullMarked;
