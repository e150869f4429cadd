/// The gateway as a component of a process: its settings, assembly, start and drain.
@NullMarked
package chat.milena.gateway;

import org.jspecify.annotations.NullMarked;
