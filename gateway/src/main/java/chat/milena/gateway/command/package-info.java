/// From an accepted request to a command on the inbound log, and those who wait for what becomes of it.
@NullMarked
package chat.milena.gateway.command;

import org.jspecify.annotations.NullMarked;
