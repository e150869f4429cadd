/// How much of one resource may be held: in all, and by one tenant, user or address.
@NullMarked
package chat.milena.runtime.budget;

import org.jspecify.annotations.NullMarked;
