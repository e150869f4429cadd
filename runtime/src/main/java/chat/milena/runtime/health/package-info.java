/// Whether a service can serve.
@NullMarked
package chat.milena.runtime.health;

import org.jspecify.annotations.NullMarked;
