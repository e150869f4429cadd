package chat.milena.gateway.web;

import java.util.List;

/// The names by which a browser reaches its own machine.
final class LocalHosts {
    static final List<String> NAMES = List.of("localhost", "127.0.0.1", "[::1]");

    private LocalHosts() {}
}
