/// The one encoder of what clients see, and JSON that is passed on as it is.
@NullMarked
package chat.milena.protocol.json;

import org.jspecify.annotations.NullMarked;
