/// How a Streams application of ours runs: its settings, memory, restarts, start and stop.
@NullMarked
package chat.milena.streams.run;

import org.jspecify.annotations.NullMarked;
