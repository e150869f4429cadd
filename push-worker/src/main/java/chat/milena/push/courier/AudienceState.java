package chat.milena.push.courier;

import dev.failsafe.CircuitBreaker;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What is known of one audience: its attempts in flight, its breaker, and until when it asked to wait. For all
/// threads.
final class AudienceState {
    private final Semaphore places;
    private final Duration holdMax;
    private final CircuitBreaker<Object> breaker;
    private final AtomicReference<Instant> heldUntil = new AtomicReference<>(Instant.MIN);

    AudienceState(CourierLimits limits) {
        this.places = new Semaphore(limits.perAudienceMax());
        this.holdMax = limits.holdMax();
        this.breaker = CircuitBreaker.builder()
                .withFailureThreshold(
                        limits.breaker().failures(), limits.breaker().of())
                .withSuccessThreshold(1)
                .withDelay(limits.breaker().delay())
                .build();
    }

    /// Takes a place for an attempt, which ends with [#leave].
    ///
    /// @return why there is none; null if it was taken
    Verdict.@Nullable Retry enter(Instant now) {
        Instant until = heldUntil.get();
        Instant last = now.plus(holdMax);
        if (until.isAfter(last)) {
            // The clock was set back.
            heldUntil.compareAndSet(until, last);
            until = last;
        }
        if (until.isAfter(now)) {
            return new Verdict.Retry(Reasons.HELD, until);
        }
        if (!places.tryAcquire()) {
            return new Verdict.Retry(Reasons.BUSY);
        }
        // The last question, since a breaker that is half open counts the permits that it gives.
        if (!breaker.tryAcquirePermit()) {
            places.release();
            return new Verdict.Retry(Reasons.BREAKER, now.plus(breaker.getRemainingDelay()));
        }
        return null;
    }

    void leave(Verdict verdict, Instant now) {
        if (verdict instanceof Verdict.Retry(String _, Instant notBefore) && notBefore != null) {
            Instant last = now.plus(holdMax);
            Instant until = notBefore.isAfter(last) ? last : notBefore;
            heldUntil.accumulateAndGet(until, (a, b) -> a.isAfter(b) ? a : b);
        }
        if (verdict.reason().equals(Reasons.BUSY)) {
            // It says nothing about the audience. A half-open breaker waits for an answer to the permit that it
            // gave, so it begins again with another one.
            if (breaker.isHalfOpen()) {
                breaker.open();
                breaker.halfOpen();
            }
        } else if (Reasons.isTrouble(verdict)) {
            breaker.recordFailure();
        } else {
            breaker.recordSuccess();
        }
        places.release();
    }

    boolean isOpen() {
        return breaker.isOpen();
    }
}
