/// Starts components in order and stops them in reverse order, within a bound.
@NullMarked
package chat.milena.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
