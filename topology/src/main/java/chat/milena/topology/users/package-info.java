/// [chat.milena.topology.users.UserProcessor] handles what users ask of their own state: a
/// [chat.milena.topology.users.UserCommandReader] before it, a [chat.milena.topology.users.UserWriter] behind it.
/// [chat.milena.topology.users.UserTopology] is the table of contents.
@NullMarked
package chat.milena.topology.users;

import org.jspecify.annotations.NullMarked;
