/// The output of runs: latency summaries, the use of the machine, text tables, JSON and progress lines.
@NullMarked
package chat.milena.bench.report;

import org.jspecify.annotations.NullMarked;
