/// One client's connection: what it may have in flight, its outbox, which is the one way to write to its socket, and
/// the registry of all of them.
@NullMarked
package chat.milena.gateway.session;

import org.jspecify.annotations.NullMarked;
