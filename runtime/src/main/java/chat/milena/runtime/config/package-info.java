/// Settings from the environment: typed, bounded, all errors reported together.
@NullMarked
package chat.milena.runtime.config;

import org.jspecify.annotations.NullMarked;
