package chat.milena.runtime.http;

import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.key.UserKey;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/// One connection of the public listener, and its share of the [Connections].
///
/// ```text
/// stranger ──known──▶ known (this user's) ──known──▶ known (another user's)
///     └───────────────────┴──admitted──▶ admitted (counted by what admitted it)
/// ```
/// A stranger or user whose next request does not come in time is closed. Safe for all threads.
public final class Peer {
    private static final Logger LOG = LoggerFactory.getLogger(Peer.class);
    /// How long a client may take to read its last answer and to stop sending. Undertow would wait forever.
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final AttachmentKey<Peer> PEER = AttachmentKey.create(Peer.class);

    private final Connections connections;
    private final StreamConnection channel;
    private final List<Runnable> ends = new ArrayList<>(2);
    private State state;
    private @Nullable HttpServerExchange underWay;
    private @Nullable Cut timeout;

    private sealed interface State {}

    private record Stranger(Holder holder) implements State {}

    private record Known(Holder holder) implements State {}

    private record Admitted() implements State {}

    private record Closed() implements State {}

    /// @param stranger holds the place of a stranger
    Peer(Connections connections, StreamConnection channel, Holder stranger) {
        this.connections = connections;
        this.channel = channel;
        this.state = new Stranger(stranger);
    }

    /// Counts the connection of this exchange as the user's, since a good token came on it. If the user has too
    /// many connections, it is closed after the answer instead.
    public static void known(HttpServerExchange exchange, UserKey user) {
        Peer peer = exchange.getAttachment(PEER);
        if (peer != null && !peer.known(Holder.of(user))) {
            exchange.setPersistent(false);
        }
    }

    /// Stops counting the connection of this exchange: it has a place elsewhere, as sockets have.
    public static void admitted(HttpServerExchange exchange) {
        Peer peer = exchange.getAttachment(PEER);
        if (peer != null) {
            peer.admitted();
        }
    }

    /// Runs the action once: when the exchange is complete or its connection is gone, whichever comes first;
    /// immediately if either has happened.
    public static void atEnd(HttpServerExchange exchange, Runnable end) {
        Peer peer = exchange.getAttachment(PEER);
        if (peer == null) {
            exchange.addExchangeCompleteListener((ended, following) -> {
                end.run();
                following.proceed();
            });
        } else if (!peer.addEnd(exchange, end)) {
            end.run();
        }
    }

    /// The head of a request has come.
    void began(HttpServerExchange exchange) {
        exchange.putAttachment(PEER, this);
        synchronized (this) {
            notWaiting();
            underWay = state instanceof Closed ? null : exchange;
        }
        exchange.addExchangeCompleteListener((ended, following) -> {
            runEnds();
            if (ended.isPersistent() || ended.isUpgrade()) {
                awaitsRequest();
            } else {
                cutIn(LINGER);
            }
            following.proceed();
        });
    }

    /// @return false if this exchange has ended; the connection may have begun another one
    private synchronized boolean addEnd(HttpServerExchange exchange, Runnable end) {
        return underWay == exchange && ends.add(end);
    }

    private void runEnds() {
        List<Runnable> all;
        synchronized (this) {
            underWay = null;
            all = List.copyOf(ends);
            ends.clear();
        }
        all.forEach(Runnable::run);
    }

    /// The answer is written, or the connection is new.
    synchronized void awaitsRequest() {
        switch (state) {
            case Stranger _ -> {
                connections.waiting(this);
                cutIn(connections.strangerWithin());
            }
            case Known _ -> cutIn(connections.idleWithin());
            case Admitted(), Closed() -> {}
        }
    }

    private synchronized void cutIn(Duration time) {
        try {
            timeout = Cut.after(channel.getIoThread(), Ticker.system(), time, this::cut);
        } catch (RejectedExecutionException e) {
            LOG.debug("The listener stops, and this connection with it");
        }
    }

    /// Closes the connection soon, on its I/O thread, so that it is not closed during a read or write there.
    void cut() {
        try {
            channel.getIoThread().execute(() -> IoUtils.safeClose(channel));
        } catch (RejectedExecutionException e) {
            LOG.debug("The listener stops, and this connection with it");
        }
    }

    /// The connection is gone. Further calls do nothing.
    void closed() {
        synchronized (this) {
            leave();
            state = new Closed();
        }
        runEnds();
    }

    private synchronized boolean known(Holder holder) {
        if (state instanceof Known(var before) && before.equals(holder)) {
            return true;
        }
        if (state instanceof Closed || state instanceof Admitted || !connections.takeKnown(holder)) {
            return false;
        }
        leave();
        state = new Known(holder);
        return true;
    }

    private synchronized void admitted() {
        if (!(state instanceof Closed)) {
            leave();
            state = new Admitted();
        }
    }

    private void leave() {
        notWaiting();
        switch (state) {
            case Stranger(var holder) -> connections.giveBackStranger(holder);
            case Known(var holder) -> connections.giveBackKnown(holder);
            case Admitted(), Closed() -> {}
        }
    }

    private void notWaiting() {
        // Only strangers wait in the set that all connections share.
        if (state instanceof Stranger) {
            connections.notWaiting(this);
        }
        if (timeout != null) {
            timeout.remove();
            timeout = null;
        }
    }

    /// Interrupts the thread that works for an exchange if the exchange ends before the work: the client has gone,
    /// and nobody would read the answer. Active until closed.
    public static final class Interruption implements AutoCloseable {
        private @Nullable Thread worker = Thread.currentThread();

        private Interruption() {}

        /// Interrupts this thread, which is about to do the work.
        public static Interruption atEnd(HttpServerExchange exchange) {
            Interruption interruption = new Interruption();
            Peer.atEnd(exchange, interruption::interrupt);
            return interruption;
        }

        private synchronized void interrupt() {
            if (worker != null) {
                worker.interrupt();
            }
        }

        @Override
        public synchronized void close() {
            worker = null;
        }
    }
}
