/// Settings from the environment: typed, bounded, all errors told at once.
@NullMarked
package chat.milena.runtime.config;

import org.jspecify.annotations.NullMarked;
