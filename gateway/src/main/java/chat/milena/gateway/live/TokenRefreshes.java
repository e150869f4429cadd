package chat.milena.gateway.live;

import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.TokenLife;
import chat.milena.protocol.frame.ClientFrame.TokenRefresh;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/// Answers the frame `token.refresh`, one at a time for a connection. Safe for all threads; never blocks.
public final class TokenRefreshes {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final TokenVerifier verifier;
    private final Duration warning;
    private final Executor blocking;
    private final Clock clock;
    private final Ticker ticker;

    /// @param warning how long before its end a token is announced as expiring
    /// @param blocking runs steps that may wait for the network
    /// @param ticker measures the times of its connections
    public TokenRefreshes(TokenVerifier verifier, Duration warning, Executor blocking, Clock clock, Ticker ticker) {
        this.verifier = verifier;
        this.warning = warning;
        this.blocking = blocking;
        this.clock = clock;
        this.ticker = ticker;
    }

    /// The result of a refresh.
    ///
    /// @param life the token that counts from now on
    private record Refreshed(TokenLife life, ServerFrame answer) {}

    void receive(Connection connection, TokenRefresh refresh, long nowMillis) {
        if (!connection.beginRefresh()) {
            connection.refuse(refresh.id(), "another token is being checked", RETRY_SOON, nowMillis);
            return;
        }
        blocking.execute(() -> {
            Refreshed refreshed = new Refreshed(connection.token(), unavailable(refresh));
            try {
                refreshed = refreshed(connection, refresh);
            } finally {
                // Before the answer: a client that has read it may refresh again.
                connection.endRefresh(refreshed.life());
                connection.send(refreshed.answer());
            }
        });
    }

    private Refreshed refreshed(Connection connection, TokenRefresh refresh) {
        try {
            VerifiedToken token = verifier.verify(refresh.token());
            if (!connection.user().equals(new UserKey(token.tenant(), token.userId()))) {
                throw new InvalidTokenException("token is another user's");
            }
            connection.checkDevice(token);
            TokenLife life = new TokenLife(clock.instant(), ticker.millis(), token, warning);
            return new Refreshed(life, ServerFrames.ok(refresh.id()));
        } catch (InvalidTokenException e) {
            String reason = "payload.token: " + e.getMessage();
            ServerFrame error = ServerFrames.error(refresh.id(), ErrorCode.UNAUTHORIZED, reason);
            return new Refreshed(connection.token(), error);
        } catch (TokenKeysUnavailableException e) {
            return new Refreshed(connection.token(), unavailable(refresh));
        }
    }

    private static ServerFrame unavailable(TokenRefresh refresh) {
        return ServerFrames.error(refresh.id(), ErrorCode.UNAVAILABLE, "the token cannot be checked now", RETRY_SOON);
    }
}
