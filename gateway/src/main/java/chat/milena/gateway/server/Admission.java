package chat.milena.gateway.server;

import chat.milena.gateway.connection.Connection;
import chat.milena.gateway.connection.ConnectionConfig;
import chat.milena.gateway.connection.ConnectionRegistry;
import chat.milena.gateway.connection.FrameReceiver;
import chat.milena.gateway.connection.Prelude;
import chat.milena.gateway.connection.Socket;
import chat.milena.gateway.connection.TokenLife;
import chat.milena.gateway.connection.Wire;
import chat.milena.gateway.delivery.Shards;
import chat.milena.gateway.frame.ServerFrame;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.gateway.resume.ConnectionSubscriber;
import chat.milena.gateway.resume.Resumes;
import chat.milena.runtime.budget.Budget;
import chat.milena.runtime.budget.Holder;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How whoever bears a good token becomes a [Guest], and then a [Connection], on whatever way they came. Safe for all
/// threads that may wait: for the guest's shard, and for what a connection that is resumed has missed.
///
/// @param connections places of connections that are admitted, and of polls that wait
/// @param unfinished bytes of messages that have begun to come and have not ended
/// @param shardCount how many shards users are spread over
/// @param ticker what connections go by
record Admission(
        ConnectionConfig config,
        Budget connections,
        int frameBytesMax,
        Budget unfinished,
        ConnectionRates rates,
        AllowedOrigins origins,
        ConnectionRegistry registry,
        Connection.Shared shared,
        Shards shards,
        int shardCount,
        Resumes resumes,
        FrameReceiver receiver,
        TokenVerifier verifier,
        Executor blocking,
        Clock clock,
        Ticker ticker) {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final Duration SHARD_WITHIN = Duration.ofSeconds(10);
    private static final int ID_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Where a connection's client is.
    @FunctionalInterface
    interface Host {
        /// Takes a connection that has begun; its first frames are written after that.
        ///
        /// @param end to be run when the client is gone; further runs do nothing
        /// @return false if it is gone, and nothing is to be written; then the end was run
        boolean takes(Connection connection, Runnable end);
    }

    /// Takes a place among the connections and has the user's shard read.
    Guest place(VerifiedToken token) throws NoPlaceException {
        UserKey user = new UserKey(token.tenant(), token.userId());
        Holder holder = Holder.of(user);
        if (!connections.take(holder, 1)) {
            throw new NoPlaceException("too many connections of this user, of its tenant or in all");
        }
        try {
            Shards.Lease lease = readyShard(user);
            return new Guest(token, user, new Once(() -> {
                lease.release();
                connections.giveBack(holder, 1);
            }));
        } catch (NoPlaceException | RuntimeException e) {
            connections.giveBack(holder, 1);
            throw e;
        }
    }

    private Shards.Lease readyShard(UserKey user) throws NoPlaceException {
        Shards.Lease lease = shards.acquire(user.shard(shardCount).shard());
        boolean ready = false;
        try {
            lease.ready().get(SHARD_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            ready = true;
            return lease;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("A client was turned away: its shard cannot be read: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!ready) {
                lease.release();
            }
        }
        throw new NoPlaceException("not ready");
    }

    /// Begins a guest's connection: it is registered, and its first frames are `connected` and what it has missed.
    ///
    /// If this throws, the connection is over, but the guest's place is the caller's to give back.
    ///
    /// @param events whether its frames are written as events of a stream
    /// @param resume the token of where the client was, if it brings one
    void connect(Guest guest, Socket socket, boolean events, @Nullable String resume, Host host) {
        Instant now = clock.instant();
        Connection connection = new Connection(
                connectionId(),
                new TokenLife(now, ticker.millis(), guest.token(), config.tokenWarning()),
                socket,
                config,
                shared,
                new Wire(resumes.points(guest.user()), events));
        Runnable end = new Once(() -> end(connection, guest));
        Prelude first = null;
        try {
            Resumes.Begun begun = resumes.begin(new ConnectionSubscriber(connection, registry), resume);
            ServerFrame connected = connected(connection.connectionId(), now, begun.token(), begun.resumed());
            first = events ? begun.events(connected) : begun.frames(connected);
            receiver.opened(connection);
            if (host.takes(connection, end)) {
                LOG.debug(
                        "Connection {} is {} of {}",
                        connection.connectionId(),
                        guest.user().userId(),
                        guest.user().tenant());
                connection.open(first);
            } else {
                first.discard();
            }
        } catch (RuntimeException e) {
            if (first != null) {
                first.discard();
            }
            end.run();
            throw e;
        }
    }

    private void end(Connection connection, Guest guest) {
        try {
            receiver.closed(connection);
        } finally {
            registry.remove(connection);
            guest.giveBack().run();
        }
    }

    /// The first frame of a client that is told nothing of before.
    ///
    /// @param token of where it is
    ServerFrame connectedAfresh(String token) {
        return connected(connectionId(), clock.instant(), token, false);
    }

    private ServerFrame connected(String connectionId, Instant now, @Nullable String token, boolean resumed) {
        return ServerFrames.connected(connectionId, now, config.heartbeatInterval(), token, resumed);
    }

    /// An id that nobody can guess.
    private static String connectionId() {
        byte[] id = new byte[ID_BYTES];
        RANDOM.nextBytes(id);
        return "conn_" + HexFormat.of().formatHex(id);
    }
}
