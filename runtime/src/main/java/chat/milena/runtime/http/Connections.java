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

/// The connections of a listener, bounded in all, for strangers, for each address and for each user. Safe for all
/// threads.
///
/// A connection belongs to a stranger until a good token comes on it ([Peer]).
///
/// **Overflow.** If an address has its maximum of strangers, its next connection is closed unread. If there are
/// too many strangers or connections in all, the stranger that has waited longest for its request is evicted in
/// favor of the new one; if none waits, the new one is closed. The bound of an address does not hold for trusted
/// proxies.
final class Connections {
    private static final Duration STRANGER_WITHIN = Duration.ofSeconds(10);

    private final HttpConfig config;
    private final Budget strangers;
    private final Budget known;
    private final Map<StreamConnection, Peer> peers = new ConcurrentHashMap<>();
    /// In the order in which they began to wait. Guarded by itself.
    private final Set<Peer> waiting = new LinkedHashSet<>();

    private final Counter refused;
    private final Counter refusedOfAddress;
    private final Counter evicted;

    Connections(HttpConfig config, MeterRegistry meters) {
        this.config = config;
        this.strangers = new Budget(new Bounds(
                config.strangersMax(),
                Bounds.NONE,
                Bounds.NONE,
                config.connections().strangersPerAddressMax()));
        this.known = new Budget(
                new Bounds(Bounds.NONE, Bounds.NONE, config.connections().userMax(), Bounds.NONE));
        Gauge.builder("milena.http.connections", peers, Map::size)
                .description("Connections of the listener, WebSockets among them")
                .register(meters);
        Gauge.builder("milena.http.strangers", strangers, Budget::held)
                .description("Connections on which no good token has come")
                .register(meters);
        this.refused = refused(meters, "all");
        this.refusedOfAddress = refused(meters, "address");
        this.evicted = Counter.builder("milena.http.evicted")
                .description("Connections of strangers that were closed in favor of new ones")
                .register(meters);
    }

    /// @param bound that they were beyond
    private static Counter refused(MeterRegistry meters, String bound) {
        return Counter.builder("milena.http.refused")
                .description("New connections that were closed unread, since there were too many")
                .tag("bound", bound)
                .register(meters);
    }

    /// Admits new connections and passes them to the reader of requests. On the I/O threads.
    ChannelListener<StreamConnection> before(ChannelListener<StreamConnection> reader) {
        return channel -> {
            Holder stranger = stranger(channel);
            if (stranger == null || !takePlace(stranger)) {
                (isFull() ? refused : refusedOfAddress).increment();
                IoUtils.safeClose(channel);
                return;
            }
            Peer peer = new Peer(this, channel, stranger);
            peers.put(channel, peer);
            // In addition to the reader's own listener.
            channel.setCloseListener(this::gone);
            // Before anything is read, and so before a request may begin.
            peer.awaitsRequest();
            reader.handleEvent(channel);
        };
    }

    /// Notes that the head of a request has come.
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
        if (peers.size() < config.connections().max() && strangers.take(stranger, 1)) {
            return true;
        }
        // An address at its bound must not evict others.
        return isFull() && evictOne() && strangers.take(stranger, 1);
    }

    /// Whether there is no room for a stranger of any address.
    private boolean isFull() {
        return peers.size() >= config.connections().max() || strangers.isFull();
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
        // Its place is free from here on, even if the close takes long.
        longest.closed();
        longest.cut();
        return true;
    }

    /// @return null if the connection has already gone
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

    /// Maximum wait for a stranger's first request, and between two of its requests.
    Duration strangerWithin() {
        return STRANGER_WITHIN;
    }

    /// Maximum wait between two requests of a user.
    Duration idleWithin() {
        return config.idleWithin();
    }
}
