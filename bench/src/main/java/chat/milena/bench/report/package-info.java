/// The forms of results: latency summaries, what the machine itself was doing, text tables, JSON and progress lines.
@NullMarked
package chat.milena.bench.report;

import org.jspecify.annotations.NullMarked;
