package chat.milena.gateway.session;

import chat.milena.runtime.token.Caller;
import chat.milena.runtime.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/// The token of a connection or a poll: what it allows, how long it is valid, and when its end is announced. Safe
/// for all threads.
///
/// The rest of its life is measured from its acceptance: a clock that is set later neither ends nor extends it.
public final class TokenLife {
    /// A verifier accepts a token this long after its end, for clocks that differ; so does its connection.
    private static final Duration LEEWAY = Duration.ofSeconds(10);

    private final Caller caller;
    private final long acceptedMillis;
    private final Instant expiresAt;
    private final long endMillis;
    private final long warnAtMillis;
    private final AtomicBoolean warned = new AtomicBoolean();

    /// @param acceptedAt by the clock of the token's end
    /// @param acceptedMillis the same moment by the ticker of its connection
    /// @param warning how long before its end a token is announced as expiring, or at half its life if that is
    /// shorter
    public TokenLife(Instant acceptedAt, long acceptedMillis, VerifiedToken token, Duration warning) {
        this.caller = Caller.of(token);
        this.acceptedMillis = acceptedMillis;
        this.expiresAt = token.expiresAt();
        long leftMillis = expiresAt.toEpochMilli() - acceptedAt.toEpochMilli();
        this.endMillis = acceptedMillis + (leftMillis <= 0 ? leftMillis + LEEWAY.toMillis() : leftMillis);
        long lifeMillis = Math.max(0, leftMillis);
        this.warnAtMillis = acceptedMillis + leftMillis - Math.min(warning.toMillis(), lifeMillis / 2);
    }

    /// The bearer.
    Caller caller() {
        return caller;
    }

    long acceptedMillis() {
        return acceptedMillis;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    /// Whether it is no longer valid.
    public boolean isOver(long nowMillis) {
        return nowMillis >= endMillis;
    }

    /// How long it is still valid.
    public Duration left(long nowMillis) {
        return Duration.ofMillis(Math.max(0, endMillis - nowMillis));
    }

    /// Whether it is time for the warning; true once.
    boolean warns(long nowMillis) {
        return nowMillis >= warnAtMillis && warned.compareAndSet(false, true);
    }
}
