package chat.milena.bench.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The source addresses of the connections of many people. Safe for all threads.
///
/// A server limits new connections by address, and thousands of people do not share one. To a server on this
/// machine they come from many loopback addresses, which Linux provides without setup. To any other server they
/// come from the address that the system chooses.
public final class SourceAddresses {
    private static final int ADDRESSES = 200;

    private static final int USUAL_NET = 1;

    private final boolean spread;
    private final int net;
    private final AtomicInteger next = new AtomicInteger();

    public SourceAddresses(String serverHost) {
        this(serverHost, USUAL_NET);
    }

    /// @param net the third byte of loopback addresses, for people who must not share theirs with others
    public SourceAddresses(String serverHost, int net) {
        this.net = net;
        boolean linux = System.getProperty("os.name", "").startsWith("Linux");
        this.spread = linux && (serverHost.equals("localhost") || serverHost.startsWith("127."));
    }

    /// The address for the next connection; null leaves the choice to the system.
    public @Nullable InetSocketAddress next() {
        if (!spread) {
            return null;
        }
        int number = Math.floorMod(next.getAndIncrement(), ADDRESSES);
        try {
            byte[] address = {127, 0, (byte) net, (byte) (number + 1)};
            return new InetSocketAddress(InetAddress.getByAddress(address), 0);
        } catch (UnknownHostException e) {
            throw new AssertionError("Four bytes are an address", e);
        }
    }
}
