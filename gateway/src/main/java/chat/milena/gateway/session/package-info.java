/// One client's connection: its commands in flight, its outbox, which is the only way to write to its socket, and
/// the registry of all connections.
@NullMarked
package chat.milena.gateway.session;

import org.jspecify.annotations.NullMarked;
