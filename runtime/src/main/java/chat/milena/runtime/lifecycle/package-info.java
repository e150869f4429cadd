/// Starting components in order, stopping them in reverse, within a bound.
@NullMarked
package chat.milena.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
