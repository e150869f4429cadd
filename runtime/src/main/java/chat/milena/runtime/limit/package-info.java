/// Bounds on a resource and on the rate of an action: in all, and by tenant, user or address.
@NullMarked
package chat.milena.runtime.limit;

import org.jspecify.annotations.NullMarked;
