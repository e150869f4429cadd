package chat.milena.gateway.edge;

import chat.milena.gateway.live.FrameReceiver;
import chat.milena.gateway.live.WarningSender;
import chat.milena.gateway.resume.ConnectionSubscriber;
import chat.milena.gateway.resume.Resumes;
import chat.milena.gateway.session.ClientSocket;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.gateway.session.FrameFormat;
import chat.milena.gateway.session.InitialFrames;
import chat.milena.gateway.session.TokenLife;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.token.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the connections of admitted clients, for all endpoints. Safe for all threads that may wait: a resumed
/// connection waits for its missed frames.
public final class ConnectionOpener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionOpener.class);

    private final ConnectionConfig config;
    private final Connection.Shared shared;
    private final ConnectionRegistry registry;
    private final Resumes resumes;
    private final FrameReceiver receiver;
    private final WarningSender warnings;
    private final Clock clock;
    private final Ticker ticker;

    /// @param ticker measures the times of connections
    public ConnectionOpener(
            ConnectionConfig config,
            Connection.Shared shared,
            ConnectionRegistry registry,
            Resumes resumes,
            FrameReceiver receiver,
            WarningSender warnings,
            Clock clock,
            Ticker ticker) {
        this.config = config;
        this.shared = shared;
        this.registry = registry;
        this.resumes = resumes;
        this.receiver = receiver;
        this.warnings = warnings;
        this.clock = clock;
        this.ticker = ticker;
    }

    /// The endpoint of a client.
    @FunctionalInterface
    interface Host {
        /// Takes a connection that has started; its first frames are written after that.
        ///
        /// @param end run it when the client is gone; further runs do nothing
        /// @return false if the client is gone, and nothing must be written; then the end was run
        boolean takes(Connection connection, Runnable end);
    }

    /// Opens the connection of an admitted user. It is registered, and its first frames are `connected` and the
    /// missed ones.
    ///
    /// If this throws, the connection is over, and the caller must return the user's place.
    ///
    /// @param events whether its frames are written as events of a stream
    /// @param resume the client's resume token, if it sent one
    void open(AdmittedUser admitted, ClientSocket socket, boolean events, @Nullable String resume, Host host) {
        Instant now = clock.instant();
        Connection connection = new Connection(
                admitted.connectionId(),
                admitted.deviceId(),
                life(admitted),
                socket,
                config,
                shared,
                new FrameFormat(resumes.points(admitted.user()), events));
        Runnable end = new Once(() -> end(connection, admitted));
        connection.checkTokens(admitted.session()::check);
        admitted.session().onSignOut(() -> connection.close(CloseCode.SIGNED_OUT));
        InitialFrames first = null;
        try {
            Resumes.Begun begun = resumes.begin(new ConnectionSubscriber(connection, registry), resume);
            ServerFrame connected = connected(connection.connectionId(), now, begun.token(), begun.resumed(), admitted);
            first = events ? begun.events(connected) : begun.frames(connected);
            receiver.opened(connection);
            if (host.takes(connection, end)) {
                LOG.debug(
                        "Connection {} is {} of {}",
                        connection.connectionId(),
                        admitted.user().userId(),
                        admitted.user().tenant());
                connection.open(first);
                if (!begun.resumed()) {
                    warnings.send(connection);
                }
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

    /// The life of an admitted user's token from now on.
    TokenLife life(AdmittedUser admitted) {
        return new TokenLife(
                clock.instant(),
                ticker.millis(),
                admitted.token(),
                config.liveness().tokenWarning());
    }

    /// By the ticker that measures the lives of tokens.
    long nowMillis() {
        return ticker.millis();
    }

    /// Makes an admitted user present without a connection.
    ///
    /// @return run it once, when that is over
    Runnable present(AdmittedUser admitted) {
        return receiver.present(admitted.user(), admitted.connectionId(), admitted.deviceId());
    }

    private void end(Connection connection, AdmittedUser admitted) {
        try {
            receiver.closed(connection);
        } finally {
            registry.remove(connection);
            admitted.giveBack().run();
        }
    }

    /// The first frames of a client that must sync.
    ///
    /// @param written to be run once they are written
    record Afresh(List<ServerFrame> frames, Runnable written) {}

    /// The first frames of a client that must sync. Waits for the query side.
    ///
    /// @param token its present position
    Afresh afresh(AdmittedUser admitted, String token) {
        WarningSender.Batch warned = warnings.pending(Caller.of(admitted.token()), admitted.connectionId());
        List<ServerFrame> frames = new ArrayList<>();
        frames.add(connected(admitted.connectionId(), clock.instant(), token, false, admitted));
        frames.addAll(warned.bans());
        frames.addAll(warned.warnings());
        return new Afresh(frames, warned.written());
    }

    private ServerFrame connected(
            String connectionId, Instant now, @Nullable String token, boolean resumed, AdmittedUser admitted) {
        return ServerFrames.connected(
                connectionId,
                now,
                config.liveness().heartbeatInterval(),
                token,
                resumed,
                config.featureLevel(),
                admitted.route());
    }
}
