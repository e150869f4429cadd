/// Keys of the installation that protect what it keeps of other services.
@NullMarked
package chat.milena.runtime.secret;

import org.jspecify.annotations.NullMarked;
