/// What the server sends, read from its text.
@NullMarked
package chat.milena.bench.frame;

import org.jspecify.annotations.NullMarked;
