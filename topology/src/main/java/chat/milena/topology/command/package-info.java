/// Commands before the rules: read from their records, and kept from stopping the others if they fail.
@NullMarked
package chat.milena.topology.command;

import org.jspecify.annotations.NullMarked;
