package chat.milena.runtime.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// The network of one customer: an IPv4 address, or the first 64 bits of an IPv6 address, since a customer has all
/// addresses behind these (RFC 6177). An IPv4 address within IPv6 counts as the IPv4 address.
///
/// @param network without a scope and without a name
public record ClientAddress(InetAddress network) {
    private static final int NETWORK_BYTES = 8;

    /// The network of this address.
    public static ClientAddress of(InetAddress address) {
        // Java itself maps IPv4 addresses within IPv6 to IPv4.
        if (!(address instanceof Inet6Address)) {
            return new ClientAddress(address);
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return new ClientAddress(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address of 16 bytes is one", e);
        }
    }
}
