package chat.milena.gateway.session;

import chat.milena.runtime.token.Caller;
import chat.milena.runtime.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/// The token that a connection, or a poll, lives by: what it allows, how long it carries, and when its end is
/// announced. Safe for
/// all threads.
///
/// What is left of its life is counted from when it was accepted: a clock that is set meanwhile neither ends it nor
/// makes it longer.
public final class TokenLife {
    /// A verifier takes a token this long after its end, for clocks that differ; so does its connection.
    private static final Duration LEEWAY = Duration.ofSeconds(10);

    private final Caller caller;
    private final long acceptedMillis;
    private final Instant expiresAt;
    private final long endMillis;
    private final long warnAtMillis;
    private final AtomicBoolean warned = new AtomicBoolean();

    /// @param acceptedAt by the clock that its end is of
    /// @param acceptedMillis the same moment by the ticker that its connection goes by
    /// @param warning how long before its end a token is warned of, or at half its life if that is shorter
    public TokenLife(Instant acceptedAt, long acceptedMillis, VerifiedToken token, Duration warning) {
        this.caller = Caller.of(token);
        this.acceptedMillis = acceptedMillis;
        this.expiresAt = token.expiresAt();
        long leftMillis = expiresAt.toEpochMilli() - acceptedAt.toEpochMilli();
        this.endMillis = acceptedMillis + (leftMillis <= 0 ? leftMillis + LEEWAY.toMillis() : leftMillis);
        long lifeMillis = Math.max(0, leftMillis);
        this.warnAtMillis = acceptedMillis + leftMillis - Math.min(warning.toMillis(), lifeMillis / 2);
    }

    /// Who bears it.
    Caller caller() {
        return caller;
    }

    long acceptedMillis() {
        return acceptedMillis;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    /// Whether it carries nothing any longer.
    public boolean isOver(long nowMillis) {
        return nowMillis >= endMillis;
    }

    /// How long it still carries.
    public Duration left(long nowMillis) {
        return Duration.ofMillis(Math.max(0, endMillis - nowMillis));
    }

    /// Whether it is time for the warning; true once.
    boolean warns(long nowMillis) {
        return nowMillis >= warnAtMillis && warned.compareAndSet(false, true);
    }
}
