/// What every processor of commands does alike: keeps a command that fails from stopping the others.
@NullMarked
package chat.milena.topology.command;

import org.jspecify.annotations.NullMarked;
