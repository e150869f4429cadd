/// Record keys: bytes that sort as readers need them, and the partition of each.
@NullMarked
package chat.milena.schemas.key;

import org.jspecify.annotations.NullMarked;
