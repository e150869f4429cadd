/// Settings from the environment: typed, bounded, all errors reported together; secrets and keys among them.
@NullMarked
package chat.milena.runtime.config;

import org.jspecify.annotations.NullMarked;
