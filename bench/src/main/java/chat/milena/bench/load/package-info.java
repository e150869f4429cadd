/// Open-loop load: sends fall due on a fixed schedule whatever the server does, and latency counts from the due time.
@NullMarked
package chat.milena.bench.load;

import org.jspecify.annotations.NullMarked;
