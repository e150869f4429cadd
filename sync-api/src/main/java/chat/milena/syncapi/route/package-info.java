/// Where a read is answered: here, by another instance of the same copy, or by another copy.
@NullMarked
package chat.milena.syncapi.route;

import org.jspecify.annotations.NullMarked;
