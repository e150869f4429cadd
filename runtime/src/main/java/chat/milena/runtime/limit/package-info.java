/// How much of one resource may be held, and how often something may be done: in all, and by one tenant, user or
/// address.
@NullMarked
package chat.milena.runtime.limit;

import org.jspecify.annotations.NullMarked;
