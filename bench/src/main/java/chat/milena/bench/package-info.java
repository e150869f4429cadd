/// The clients of Milena: the `chat`, `replay` and `bench` commands.
@NullMarked
package chat.milena.bench;

import org.jspecify.annotations.NullMarked;
