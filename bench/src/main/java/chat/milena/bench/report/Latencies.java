package chat.milena.bench.report;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Latencies of a run, in microseconds up to an hour with three significant digits. Thread-safe.
public final class Latencies {
    private static final long MAX_MICROS = 3_600_000_000L;

    private final Histogram histogram = new ConcurrentHistogram(MAX_MICROS, 3);

    public void record(long nanos) {
        histogram.recordValue(Math.clamp(nanos / 1000, 0, MAX_MICROS));
    }

    public void reset() {
        histogram.reset();
    }

    public Summary summary() {
        return new Summary(
                histogram.getTotalCount(),
                millis(histogram.getValueAtPercentile(50)),
                millis(histogram.getValueAtPercentile(90)),
                millis(histogram.getValueAtPercentile(99)),
                millis(histogram.getValueAtPercentile(99.9)),
                millis(histogram.getMaxValue()));
    }

    private static double millis(long micros) {
        return micros / 1000.0;
    }

    /// The percentiles of a distribution, in milliseconds; all are zero if `count` is.
    public record Summary(long count, double p50Ms, double p90Ms, double p99Ms, double p999Ms, double maxMs) {

        /// One row: count and percentiles.
        public String[] row(String name) {
            return new String[] {name, Table.count(count), ms(p50Ms), ms(p90Ms), ms(p99Ms), ms(p999Ms), ms(maxMs)};
        }

        public static String[] header(String name) {
            return new String[] {name, "count", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms"};
        }

        private static String ms(double value) {
            return Table.decimal(value, value < 100 ? 1 : 0);
        }
    }
}
