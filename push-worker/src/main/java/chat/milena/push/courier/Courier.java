package chat.milena.push.courier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Attempts deliveries to others outside, so that none of them can do harm: a slow, broken or hostile one costs its
/// own places for a bounded time, and no other one's. For all threads.
///
/// A parcel gets one attempt. It gets none, and immediately the verdict to retry, if the audience has asked to wait
/// (`Retry-After`), if its last attempts failed (its breaker is open), or if too many are in flight. Nothing waits in
/// here: who sends keeps the parcel.
public final class Courier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

    private final CourierLimits limits;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Semaphore places;
    private final Cache<Key, AudienceState> audiences;
    private final Set<String> carriers = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    /// @param name of it among those of the process: a label of metrics
    public Courier(String name, CourierLimits limits, Clock clock, MeterRegistry meters) {
        this.limits = limits;
        this.clock = clock;
        this.meters = meters;
        this.places = new Semaphore(limits.inFlightMax());
        this.audiences = Caffeine.newBuilder()
                .maximumSize(limits.audiencesMax())
                .executor(Runnable::run)
                .build();
        Gauge.builder("milena.courier.in.flight", places, free -> limits.inFlightMax() - free.availablePermits())
                .description("Attempts in flight at others outside")
                .tag("courier", name)
                .register(meters);
    }

    private record Key(String carrier, String audience) {}

    /// Attempts it one time, or not at all. The future always ends with a verdict, never with an exception, within
    /// the time of one attempt.
    public CompletableFuture<Verdict> send(Parcel parcel) {
        carrier(parcel.carrier());
        AudienceState audience =
                audiences.get(new Key(parcel.carrier(), parcel.audience()), _ -> new AudienceState(limits));
        Verdict no = enter(audience);
        if (no != null) {
            count(parcel, no);
            return CompletableFuture.completedFuture(no);
        }
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        long began = System.nanoTime();
        CompletableFuture<Verdict> attempt = start(parcel);
        CompletableFuture<Verdict> _ = attempt.copy()
                .orTimeout(limits.attemptTime().toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((answer, failure) -> {
                    attempt.cancel(true);
                    Verdict ended = answer == null ? failed(parcel, failure) : answer;
                    audience.leave(ended, clock.instant());
                    timer(parcel.carrier()).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
                    count(parcel, ended);
                    verdict.complete(ended);
                    // The last step: a close waits for it.
                    places.release();
                });
        return verdict;
    }

    private @Nullable Verdict enter(AudienceState audience) {
        if (closing) {
            return new Verdict.Retry(Reasons.CLOSING);
        }
        if (!places.tryAcquire()) {
            return new Verdict.Retry(Reasons.BUSY);
        }
        Verdict no = audience.enter(clock.instant());
        if (no != null) {
            places.release();
        }
        return no;
    }

    private static CompletableFuture<Verdict> start(Parcel parcel) {
        try {
            return parcel.attempt().start();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Verdict failed(Parcel parcel, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return new Verdict.Retry(Reasons.TIMEOUT);
        }
        // Without its message, which may hold an address or a content.
        LOG.warn(
                "An attempt by {} failed: {}",
                parcel.carrier(),
                cause == null ? "no verdict" : cause.getClass().getName());
        return new Verdict.Retry(Reasons.FAULT);
    }

    private void carrier(String carrier) {
        if (carriers.add(carrier)) {
            Gauge.builder("milena.courier.breakers.open", this, courier -> courier.open(carrier))
                    .description("Audiences that are given a rest because attempts at them failed")
                    .tag("carrier", carrier)
                    .register(meters);
        }
    }

    private long open(String carrier) {
        return audiences.asMap().entrySet().stream()
                .filter(audience -> audience.getKey().carrier().equals(carrier))
                .filter(audience -> audience.getValue().isOpen())
                .count();
    }

    private Timer timer(String carrier) {
        return Timer.builder("milena.courier.attempt")
                .description("Time of an attempt")
                .tag("carrier", carrier)
                .publishPercentileHistogram()
                .register(meters);
    }

    private void count(Parcel parcel, Verdict verdict) {
        Counter.builder("milena.courier.verdicts")
                .description("Verdicts on parcels, with the reason; accepted has none")
                .tag("carrier", parcel.carrier())
                .tag("outcome", verdict.outcome())
                .tag("reason", verdict.reason())
                .register(meters)
                .increment();
    }

    /// Begins no attempt any more, and waits for those in flight, for a bounded time.
    @Override
    public void close() {
        closing = true;
        try {
            if (!places.tryAcquire(limits.inFlightMax(), limits.drainTime().toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("Attempts are still in flight after {}", limits.drainTime());
                return;
            }
            places.release(limits.inFlightMax());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
