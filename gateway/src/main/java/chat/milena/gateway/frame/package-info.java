/// The protocol's frames and JSON shapes: what clients send, checked, and what they are sent, encoded.
@NullMarked
package chat.milena.gateway.frame;

import org.jspecify.annotations.NullMarked;
