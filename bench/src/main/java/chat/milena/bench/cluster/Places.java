package chat.milena.bench.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Where a cluster is on this machine: its folder, and an address and port in place of each host and port of a cluster
/// of many machines, such as `kafka-1:9092`. Used by one thread.
public final class Places {
    private static final int PORTS_MAX = 128;
    private static final Pattern ADDRESS = Pattern.compile("([a-z][a-z0-9-]*):([0-9]{2,5})\\b");
    private static final Pattern OWN = Pattern.compile("//:([0-9]{2,5})\\b");

    private final Path folder;
    private final BrokerNetwork network;
    private final List<Integer> free = new ArrayList<>(FreePorts.take(PORTS_MAX));
    private final Map<String, Integer> taken = new LinkedHashMap<>();

    /// @param folder with all files
    public Places(Path folder, BrokerNetwork network) {
        this.folder = folder;
        this.network = network;
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
        return ADDRESS.matcher(text).replaceAll(found -> here(found.group(1), found.group(2)));
    }

    private String here(String host, String port) {
        return network.address(host) + ":" + port(host, Integer.parseInt(port));
    }

    /// The same for a setting of a host, which may name a port of its own without a host, as in `//:9092`.
    public String local(String host, String text) {
        return OWN.matcher(local(text)).replaceAll(found -> "//" + here(host, found.group(1)));
    }
}
