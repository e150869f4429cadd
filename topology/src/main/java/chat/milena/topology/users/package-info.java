/// [chat.milena.topology.users.UserProcessor] handles commands of users on their own state: a
/// [chat.milena.topology.users.UserCommandReader] before it, a [chat.milena.topology.users.UserWriter] after it.
/// [chat.milena.topology.users.UserTopology] is the table of contents.
@NullMarked
package chat.milena.topology.users;

import org.jspecify.annotations.NullMarked;
