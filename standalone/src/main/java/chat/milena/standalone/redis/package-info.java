/// A real Redis for this machine alone, started and ended with the process.
@NullMarked
package chat.milena.standalone.redis;

import org.jspecify.annotations.NullMarked;
