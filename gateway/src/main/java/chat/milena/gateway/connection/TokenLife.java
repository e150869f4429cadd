package chat.milena.gateway.connection;

import chat.milena.gateway.inbound.Caller;
import chat.milena.runtime.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/// The token that a connection lives by: what it allows, how long it carries, and when its end is announced. Safe for
/// all threads.
public final class TokenLife {
    /// A verifier takes a token this long after its end, for clocks that differ; so does its connection.
    private static final Duration LEEWAY = Duration.ofSeconds(10);

    private final Caller caller;
    private final long acceptedAtMillis;
    private final long expiresAtMillis;
    private final long endMillis;
    private final long warnAtMillis;
    private final AtomicBoolean warned = new AtomicBoolean();

    /// @param warning how long before its end a token is warned of, or at half its life if that is shorter
    public TokenLife(Instant acceptedAt, VerifiedToken token, Duration warning) {
        this.caller = Caller.of(token);
        this.acceptedAtMillis = acceptedAt.toEpochMilli();
        this.expiresAtMillis = token.expiresAt().toEpochMilli();
        boolean late = expiresAtMillis <= acceptedAtMillis;
        this.endMillis = late ? expiresAtMillis + LEEWAY.toMillis() : expiresAtMillis;
        long lifeMillis = Math.max(0, expiresAtMillis - acceptedAtMillis);
        this.warnAtMillis = expiresAtMillis - Math.min(warning.toMillis(), lifeMillis / 2);
    }

    /// Who bears it.
    Caller caller() {
        return caller;
    }

    long acceptedAtMillis() {
        return acceptedAtMillis;
    }

    long expiresAtMillis() {
        return expiresAtMillis;
    }

    boolean isOver(long nowMillis) {
        return nowMillis >= endMillis;
    }

    /// Whether it is time for the warning; true once.
    boolean warns(long nowMillis) {
        return nowMillis >= warnAtMillis && warned.compareAndSet(false, true);
    }
}
