/// Commands before the rules: read from their records, kept from stopping the others if they fail, and decided as in an
/// earlier run.
@NullMarked
package chat.milena.topology.command;

import org.jspecify.annotations.NullMarked;
