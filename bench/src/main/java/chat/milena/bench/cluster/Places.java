package chat.milena.bench.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Where a cluster is on this machine: its folder, and a port of the loopback address in place of each host and port of
/// a cluster of many machines, such as `kafka-1:9092`. Used by one thread.
public final class Places {
    private static final int PORTS_MAX = 128;
    private static final String HERE = "127.0.0.1:";
    private static final Pattern ADDRESS = Pattern.compile("([a-z][a-z0-9-]*):([0-9]{2,5})\\b");
    private static final Pattern OWN = Pattern.compile("//:([0-9]{2,5})\\b");

    private final Path folder;
    private final List<Integer> free = new ArrayList<>(FreePorts.take(PORTS_MAX));
    private final Map<String, Integer> taken = new LinkedHashMap<>();

    /// @param folder with all files
    public Places(Path folder) {
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    /// The port here of a port of a host. At most 128 are given out.
    public int port(String host, int port) {
        return taken.computeIfAbsent(host + ":" + port, address -> {
            if (free.isEmpty()) {
                throw new IllegalStateException("a cluster has at most " + PORTS_MAX + " ports");
            }
            return free.removeFirst();
        });
    }

    /// A text with all addresses in it as they are here.
    public String local(String text) {
        return ADDRESS.matcher(text).replaceAll(found -> HERE + port(found.group(1), Integer.parseInt(found.group(2))));
    }

    /// The same for a setting of a host, which may name a port of its own without a host, as in `//:9092`.
    public String local(String host, String text) {
        return OWN.matcher(local(text)).replaceAll(found -> "//" + HERE + port(host, Integer.parseInt(found.group(1))));
    }
}
