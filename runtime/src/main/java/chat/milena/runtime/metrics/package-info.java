/// The meter registry of a process.
@NullMarked
package chat.milena.runtime.metrics;

import org.jspecify.annotations.NullMarked;
