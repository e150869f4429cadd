package chat.milena.runtime.http;

import java.util.ArrayList;
import java.util.List;

/// Where the process listens. Immutable.
///
/// @param port 0 for any that is free
/// @param ioThreads threads that decode and write for all sockets
public record HttpConfig(String host, int port, int ioThreads) {
    private static final int PORT_MAX = 65_535;

    public HttpConfig {
        List<String> errors = new ArrayList<>();
        if (host.isBlank()) {
            errors.add("host must not be blank");
        }
        if (port < 0 || port > PORT_MAX) {
            errors.add("port must be from 0 to " + PORT_MAX);
        }
        if (ioThreads < 1) {
            errors.add("ioThreads must be at least 1");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// One I/O thread a processor.
    public static HttpConfig of(String host, int port) {
        return new HttpConfig(host, port, Runtime.getRuntime().availableProcessors());
    }
}
