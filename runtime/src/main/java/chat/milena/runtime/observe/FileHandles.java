package chat.milena.runtime.observe;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/// How many connections the process's limit of file handles leaves room for, once the log and the stores have theirs.
/// Without that reserve clients could keep a broker from writing its log.
public final class FileHandles {
    /// What the log, the stores and the process itself may open, at least.
    private static final long RESERVE_MIN = 600;

    /// One more of this many is reserved: more connections bring more traffic, and so more segments.
    private static final long RESERVE_PART = 10;

    private static final int CONNECTIONS_MIN = 16;

    private FileHandles() {}

    /// The limit of this process; empty where the system has none.
    public static OptionalLong limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? OptionalLong.of(system.getMaxFileDescriptorCount())
                : OptionalLong.empty();
    }

    /// Connections that fit below a limit, and never none.
    ///
    /// @param wanted as many as there may be otherwise
    public static int connections(OptionalLong limit, int wanted) {
        if (limit.isEmpty()) {
            return wanted;
        }
        long reserve = RESERVE_MIN + limit.getAsLong() / RESERVE_PART;
        return (int) Math.min(wanted, Math.max(CONNECTIONS_MIN, limit.getAsLong() - reserve));
    }
}
