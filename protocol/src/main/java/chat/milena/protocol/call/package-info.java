/// Bodies of REST calls that write, their answers, the answer to a rejected call, and the limits of a server.
@NullMarked
package chat.milena.protocol.call;

import org.jspecify.annotations.NullMarked;
