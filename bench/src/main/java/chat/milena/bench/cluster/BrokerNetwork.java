package chat.milena.bench.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Where the brokers of a cluster are on this machine: all of them on the loopback address, or each in a network
/// namespace of its own, whose cable to a common bridge can be pulled. Then all bytes from and to it vanish, and nobody
/// is notified.
///
/// Namespaces need Linux, its `ip`, and the rights of root. There is one such network on a machine at a time, since its
/// names are always the same: the next one finds what a killed process has left.
public final class BrokerNetwork implements AutoCloseable {
    private static final String BRIDGE = "milena-brokers";
    /// Of the addresses for measurements of networks (RFC 2544).
    private static final String ADDRESSES = "198.18.19.";

    private static final int OURS = 100;

    private final boolean apart;

    private BrokerNetwork(boolean apart) {
        this.apart = apart;
    }

    /// Has no cables.
    public static BrokerNetwork loopback() {
        return new BrokerNetwork(false);
    }

    /// A namespace for each broker.
    ///
    /// @throws IOException if this machine does not permit it
    public static BrokerNetwork apart() throws IOException, InterruptedException {
        BrokerNetwork network = new BrokerNetwork(true);
        // Ids of processes; an error in words if there is no such namespace.
        if (ChildProcess.run(List.of("ip", "netns", "pids", space(1)), true).matches("[0-9\\s]+")) {
            throw new IOException("another cluster runs in the namespace " + space(1));
        }
        remove();
        try {
            network.lay();
            return network;
        } catch (IOException | InterruptedException e) {
            remove();
            throw e;
        }
    }

    private void lay() throws IOException, InterruptedException {
        ip("link", "add", BRIDGE, "type", "bridge");
        ip("address", "add", ADDRESSES + OURS + "/24", "dev", BRIDGE);
        ip("link", "set", BRIDGE, "up");
        for (int broker = 1; broker <= Brokers.COUNT; broker++) {
            String space = space(broker);
            ip("netns", "add", space);
            ip("link", "add", cable(broker), "type", "veth", "peer", "name", "cable", "netns", space);
            ip("-n", space, "address", "add", ADDRESSES + broker + "/24", "dev", "cable");
            ip("-n", space, "link", "set", "cable", "up");
            ip("-n", space, "link", "set", "lo", "up");
            ip("link", "set", cable(broker), "master", BRIDGE, "up");
        }
    }

    /// Whether [#cut] works.
    public boolean canBeCut() {
        return apart;
    }

    /// The address of a machine, all but the brokers' being this one.
    String address(String host) {
        return apart && host.startsWith(Brokers.HOST) ? ADDRESSES + host.substring(Brokers.HOST.length()) : "127.0.0.1";
    }

    /// The words of a command that becomes another program where the broker is.
    List<String> by(int broker) {
        return apart ? List.of("ip", "netns", "exec", space(broker)) : List.of();
    }

    /// Pulls the cable of a broker.
    void cut(int broker) throws IOException, InterruptedException {
        ip("link", "set", cable(broker), "down");
    }

    /// Puts it back.
    void mend(int broker) throws IOException, InterruptedException {
        ip("link", "set", cable(broker), "up");
    }

    private static String space(int broker) {
        return "milena-broker-" + broker;
    }

    private static String cable(int broker) {
        return "milena-cable-" + broker;
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        ChildProcess.run(command, false);
    }

    /// Removes the cables and the namespaces. The brokers have ended before.
    @Override
    public void close() throws IOException {
        if (apart) {
            try {
                remove();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void remove() throws IOException, InterruptedException {
        for (int broker = 1; broker <= Brokers.COUNT; broker++) {
            ChildProcess.run(List.of("ip", "link", "delete", cable(broker)), true);
            ChildProcess.run(List.of("ip", "netns", "delete", space(broker)), true);
        }
        ChildProcess.run(List.of("ip", "link", "delete", BRIDGE), true);
    }
}
