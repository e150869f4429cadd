package chat.milena.standalone.broker;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/// A TCP port of the loopback address that is bound when it is chosen, not when it is first used, so no other
/// process can take it. The new owner of its channel closes it. Closing it here as well does no harm.
final class HeldPort implements Closeable {
    private final ServerSocketChannel channel;
    private final int number;

    private HeldPort(ServerSocketChannel channel, int number) {
        this.channel = channel;
        this.number = number;
    }

    /// @param number 0 for any free one
    /// @throws IOException if it is taken
    static HeldPort of(int number) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), number));
            return new HeldPort(channel, channel.socket().getLocalPort());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    int number() {
        return number;
    }

    ServerSocketChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
