/// Bodies of REST calls that write, and their answers; and the answer to any call that is refused.
@NullMarked
package chat.milena.protocol.call;

import org.jspecify.annotations.NullMarked;
