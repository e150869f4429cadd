/// Starts components in order and stops them in reverse order, within a bound, and reports whether the process can
/// serve, and its meters.
@NullMarked
package chat.milena.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
