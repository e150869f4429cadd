/// Record keys: bytes that sort as a reader wants them, and the partition each belongs to.
@NullMarked
package chat.milena.schemas.key;

import org.jspecify.annotations.NullMarked;
