/// The gateway as a component of a process: its settings, its assembly, its start and its drain.
@NullMarked
package chat.milena.gateway;

import org.jspecify.annotations.NullMarked;
