/// The numbered entries of a conversation as clients see them.
@NullMarked
package chat.milena.protocol.timeline;

import org.jspecify.annotations.NullMarked;
