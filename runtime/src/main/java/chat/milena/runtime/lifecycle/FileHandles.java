package chat.milena.runtime.lifecycle;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/// How many connections fit below the process's limit of file handles after a reserve for the log and the stores.
/// Without that reserve clients could keep a broker from writing its log.
public final class FileHandles {
    /// Files that the log, the stores and the process itself may open, at least.
    private static final long RESERVE_MIN = 600;

    /// One handle more is reserved for this many: more connections bring more traffic and so more segments.
    private static final long RESERVE_PART = 10;

    private static final int CONNECTIONS_MIN = 16;

    private FileHandles() {}

    /// The limit of this process; empty where the system has none.
    public static OptionalLong limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? OptionalLong.of(system.getMaxFileDescriptorCount())
                : OptionalLong.empty();
    }

    /// Connections that fit below a limit, at least one.
    ///
    /// @param wanted the maximum if there is no such limit
    public static int connections(OptionalLong limit, int wanted) {
        if (limit.isEmpty()) {
            return wanted;
        }
        long reserve = RESERVE_MIN + limit.getAsLong() / RESERVE_PART;
        return (int) Math.min(wanted, Math.max(CONNECTIONS_MIN, limit.getAsLong() - reserve));
    }
}
