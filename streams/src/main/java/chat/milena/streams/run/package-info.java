/// How a Streams application of ours runs: its settings, its memory, its restarts, its start and stop.
@NullMarked
package chat.milena.streams.run;

import org.jspecify.annotations.NullMarked;
