/// JSON as every service reads and writes it: strictly and within bounds.
@NullMarked
package chat.milena.runtime.json;

import org.jspecify.annotations.NullMarked;
