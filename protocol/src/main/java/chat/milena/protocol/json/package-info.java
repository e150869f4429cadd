/// The one encoder of what clients see, JSON that is passed on as it is, and the strict reader of what clients send.
@NullMarked
package chat.milena.protocol.json;

import org.jspecify.annotations.NullMarked;
