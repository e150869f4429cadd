/// From an accepted request to a command on the inbound log, and the senders that wait for its outcome.
@NullMarked
package chat.milena.gateway.command;

import org.jspecify.annotations.NullMarked;
