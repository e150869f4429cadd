package chat.milena.bench.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The use of the machine over a span of time: by this process, by all processes, and by the hypervisor.
///
/// @param ownCores processor time of this process, in cores
/// @param serverCores processor time of the server's process, in cores; NaN if none was named or it has ended
/// @param busyPercent of all processor time, by all processes of the machine
/// @param stealPercent of all processor time, taken by other guests of the host; NaN if `/proc/stat` has no such
///     figure
public record MachineUse(double ownCores, double serverCores, double busyPercent, double stealPercent) {

    /// A reading to measure from. A given process on this machine is measured separately.
    public static Reading start(@Nullable Long serverPid) {
        return Reading.now(serverPid);
    }

    /// Counters at one moment.
    public record Reading(
            @Nullable Long serverPid,
            long atNanos,
            long ownNanos,
            long serverNanos,
            long total,
            long idle,
            long steal) {
        private static final Path STAT = Path.of("/proc/stat");
        private static final Pattern BLANKS = Pattern.compile("\\s+");

        static Reading now(@Nullable Long serverPid) {
            long own = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getProcessCpuTime();
            long[] ticks = ticks();
            return new Reading(serverPid, System.nanoTime(), own, nanosOf(serverPid), ticks[0], ticks[1], ticks[2]);
        }

        public MachineUse untilNow() {
            Reading end = now(serverPid);
            double nanos = Math.max(1, end.atNanos - atNanos);
            double ownCores = (end.ownNanos - ownNanos) / nanos;
            double serverCores =
                    serverNanos < 0 || end.serverNanos < 0 ? Double.NaN : (end.serverNanos - serverNanos) / nanos;
            double all = end.total - total;
            return all <= 0
                    ? new MachineUse(ownCores, serverCores, Double.NaN, Double.NaN)
                    : new MachineUse(
                            ownCores,
                            serverCores,
                            100 * (all - (end.idle - idle) - (end.steal - steal)) / all,
                            100 * (end.steal - steal) / all);
        }

        /// Processor time of a process so far, as the system counts it; -1 if unknown.
        private static long nanosOf(@Nullable Long pid) {
            return Optional.ofNullable(pid)
                    .flatMap(ProcessHandle::of)
                    .flatMap(process -> process.info().totalCpuDuration())
                    .map(Duration::toNanos)
                    .orElse(-1L);
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
        return "bench used " + Table.decimal(ownCores, 2) + " cores, "
                + (Double.isNaN(serverCores) ? "" : "the server " + Table.decimal(serverCores, 2) + " cores, ")
                + "machine busy " + percent(busyPercent) + ", steal "
                + percent(stealPercent);
    }

    private static String percent(double value) {
        return Double.isNaN(value) ? "unknown" : Table.decimal(value, 1) + " %";
    }
}
