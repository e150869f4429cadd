package chat.milena.runtime.http;

import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.ClientAddress;
import chat.milena.runtime.limit.Holder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/// The connections of a listener: how many there may be in all, of strangers, of one address and of one user. Safe for
/// all threads.
///
/// A connection is a stranger's until a good token comes on it ([Peer]).
///
/// **Overflow.** An address that has as many strangers as it may gets no more: its next connection is closed unread.
/// Where all strangers, or all connections, are too many, the stranger that has waited longest for its request is
/// closed in favor of the new one; where none waits, the new one is closed. A trusted proxy is held to no bound of an
/// address.
final class Connections {
    private static final Duration STRANGER_WITHIN = Duration.ofSeconds(10);

    private final HttpConfig config;
    private final Budget strangers;
    private final Budget known;
    private final Map<StreamConnection, Peer> peers = new ConcurrentHashMap<>();
    /// In the order in which they began to wait; guarded by itself.
    private final Set<Peer> waiting = new LinkedHashSet<>();

    private final Counter refused;
    private final Counter evicted;

    Connections(HttpConfig config, MeterRegistry meters) {
        this.config = config;
        this.strangers = new Budget(
                new Bounds(config.strangersMax(), Bounds.NONE, Bounds.NONE, config.strangersPerAddressMax()));
        this.known = new Budget(new Bounds(Bounds.NONE, Bounds.NONE, config.userConnectionsMax(), Bounds.NONE));
        Gauge.builder("milena.http.connections", peers, Map::size)
                .description("Connections of the listener, WebSockets among them")
                .register(meters);
        Gauge.builder("milena.http.strangers", strangers, Budget::held)
                .description("Connections on which no good token has come")
                .register(meters);
        this.refused = Counter.builder("milena.http.refused")
                .description("New connections that were closed unread, since there were too many")
                .register(meters);
        this.evicted = Counter.builder("milena.http.evicted")
                .description("Connections of strangers that were closed in favor of new ones")
                .register(meters);
    }

    /// Admits new connections, and passes them on to what reads their requests. On the I/O threads.
    ChannelListener<StreamConnection> before(ChannelListener<StreamConnection> reader) {
        return channel -> {
            Holder stranger = stranger(channel);
            if (stranger == null || !takePlace(stranger)) {
                refused.increment();
                IoUtils.safeClose(channel);
                return;
            }
            Peer peer = new Peer(this, channel, stranger);
            peers.put(channel, peer);
            // Beside the reader's own, which it adds.
            channel.setCloseListener(this::gone);
            // Before anything is read, and so before a request may begin.
            peer.awaitsRequest();
            reader.handleEvent(channel);
        };
    }

    /// Notes that a request's head has come.
    void began(HttpServerExchange exchange) {
        if (exchange.getConnection() instanceof AbstractServerConnection connection) {
            Peer peer = peers.get(connection.getChannel());
            if (peer != null) {
                peer.began(exchange);
            }
        }
    }

    private void gone(StreamConnection channel) {
        Peer peer = peers.remove(channel);
        if (peer != null) {
            peer.closed();
        }
    }

    private boolean takePlace(Holder stranger) {
        boolean full = peers.size() >= config.connectionsMax();
        if (!full && strangers.take(stranger, 1)) {
            return true;
        }
        // An address at its bound makes no room by pushing others out.
        return (full || strangers.isFull()) && evictOne() && strangers.take(stranger, 1);
    }

    private boolean evictOne() {
        Peer longest;
        synchronized (waiting) {
            Iterator<Peer> inOrder = waiting.iterator();
            if (!inOrder.hasNext()) {
                return false;
            }
            longest = inOrder.next();
            inOrder.remove();
        }
        evicted.increment();
        // Its place is free from here on, however long the close takes.
        longest.closed();
        longest.cut();
        return true;
    }

    /// @return null if the connection is gone already
    private @Nullable Holder stranger(StreamConnection channel) {
        InetSocketAddress peer = channel.getPeerAddress(InetSocketAddress.class);
        if (peer == null) {
            return null;
        }
        InetAddress address = peer.getAddress();
        return config.proxies().trusts(address) ? new Holder(null, null, null) : Holder.of(ClientAddress.of(address));
    }

    void waiting(Peer peer) {
        synchronized (waiting) {
            waiting.add(peer);
        }
    }

    void notWaiting(Peer peer) {
        synchronized (waiting) {
            waiting.remove(peer);
        }
    }

    boolean takeKnown(Holder user) {
        return known.take(user, 1);
    }

    void giveBackKnown(Holder user) {
        known.giveBack(user, 1);
    }

    void giveBackStranger(Holder stranger) {
        strangers.giveBack(stranger, 1);
    }

    /// How long a stranger may take to its first request, and from one request to the next.
    Duration strangerWithin() {
        return STRANGER_WITHIN;
    }

    /// How long a user may take from one request to the next.
    Duration idleWithin() {
        return config.idleWithin();
    }
}
