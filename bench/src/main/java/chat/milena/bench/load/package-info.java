/// Open-loop load: sends are due on a fixed schedule regardless of the server, and latency counts from the due
/// time.
@NullMarked
package chat.milena.bench.load;

import org.jspecify.annotations.NullMarked;
