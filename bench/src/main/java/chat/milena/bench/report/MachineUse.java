package chat.milena.bench.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What the machine did over a span of time: what this process used, what all used, and what a hypervisor took away.
///
/// @param ownCores processor time of this process, in cores
/// @param busyPercent of all processor time, by everything on the machine
/// @param stealPercent of all processor time, taken by other guests of the host; NaN where `/proc/stat` does not tell
public record MachineUse(double ownCores, double busyPercent, double stealPercent) {

    /// A reading to measure from.
    public static Reading start() {
        return Reading.now();
    }

    /// Counters at one moment.
    public record Reading(long atNanos, long ownNanos, long total, long idle, long steal) {
        private static final Path STAT = Path.of("/proc/stat");
        private static final Pattern BLANKS = Pattern.compile("\\s+");

        static Reading now() {
            long own = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getProcessCpuTime();
            long[] ticks = ticks();
            return new Reading(System.nanoTime(), own, ticks[0], ticks[1], ticks[2]);
        }

        public MachineUse untilNow() {
            Reading end = now();
            double ownCores = (double) (end.ownNanos - ownNanos) / Math.max(1, end.atNanos - atNanos);
            double all = end.total - total;
            return all <= 0
                    ? new MachineUse(ownCores, Double.NaN, Double.NaN)
                    : new MachineUse(
                            ownCores,
                            100 * (all - (end.idle - idle) - (end.steal - steal)) / all,
                            100 * (end.steal - steal) / all);
        }

        /// Total, idle and stolen ticks; zeros off Linux.
        private static long[] ticks() {
            try (var lines = Files.lines(STAT)) {
                String[] fields = BLANKS.split(lines.findFirst().orElse(""), -1);
                if (fields.length < 9) {
                    return new long[3];
                }
                long total = 0;
                for (int i = 1; i <= 8; i++) {
                    total += Long.parseLong(fields[i]);
                }
                return new long[] {
                    total, Long.parseLong(fields[4]) + Long.parseLong(fields[5]), Long.parseLong(fields[8])
                };
            } catch (IOException e) {
                return new long[3];
            }
        }
    }

    @Override
    public String toString() {
        return "bench used " + Table.decimal(ownCores, 2) + " cores, machine busy " + percent(busyPercent) + ", steal "
                + percent(stealPercent);
    }

    private static String percent(double value) {
        return Double.isNaN(value) ? "unknown" : Table.decimal(value, 1) + " %";
    }
}
