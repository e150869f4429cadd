package chat.milena.gateway.command;

import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.word.OutcomeStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Times commands by outcome, and counts the messages of each tenant. Safe for all threads.
///
/// **Bound.** The first [#TENANTS_MAX] tenants are counted by name, the others together.
public final class OutcomeMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10)
    };

    static final int TENANTS_MAX = 100;

    private final MeterRegistry meters;
    private final Ticker ticker;
    private final Map<OutcomeStatus, Timer> byStatus = new EnumMap<>(OutcomeStatus.class);
    private final Timer rateLimited;
    private final Timer unavailable;
    private final Map<String, Counter> messages = new ConcurrentHashMap<>();
    private final Counter otherMessages;

    /// @param ticker measures how long commands take
    public OutcomeMeters(MeterRegistry meters, Ticker ticker) {
        this.meters = meters;
        this.ticker = ticker;
        for (OutcomeStatus status : OutcomeStatus.values()) {
            byStatus.put(status, timer(status.word()));
        }
        rateLimited = timer("rate_limited");
        unavailable = timer("unavailable");
        otherMessages = messages("other");
    }

    /// A timer of what people wait for, with few buckets.
    public static Timer.Builder latency(String name) {
        return Timer.builder(name).serviceLevelObjectives(BUCKETS);
    }

    private Timer timer(String outcome) {
        return latency("milena.gateway.commands")
                .description("Commands, from their frame or call until the answer is handed to the socket")
                .tag("outcome", outcome)
                .register(meters);
    }

    private Counter messages(String tenant) {
        return Counter.builder("milena.gateway.messages")
                .description(
                        "Accepted messages by tenant: the first hundred that this gateway has seen, and the others")
                .tag("tenant", tenant)
                .register(meters);
    }

    /// A command has come.
    ///
    /// @return its start, for the calls below
    public long began() {
        return ticker.nanos();
    }

    /// The sequencer decided.
    ///
    /// @param tenant of a message; null for any other command
    public void decided(OutcomeStatus status, @Nullable String tenant, long began) {
        Timer timer = byStatus.get(status);
        if (timer != null) {
            record(timer, began);
        }
        if (tenant != null && status == OutcomeStatus.ACCEPTED) {
            Counter counter = messages.get(tenant);
            (counter == null ? counted(tenant) : counter).increment();
        }
    }

    private Counter counted(String tenant) {
        if (messages.size() >= TENANTS_MAX) {
            return otherMessages;
        }
        synchronized (messages) {
            return messages.size() < TENANTS_MAX ? messages.computeIfAbsent(tenant, this::messages) : otherMessages;
        }
    }

    /// Rejected: too many commands of its connection had no outcome.
    public void rateLimited(long began) {
        record(rateLimited, began);
    }

    /// The log had no room or failed, or no outcome came in time.
    public void unavailable(long began) {
        record(unavailable, began);
    }

    private void record(Timer timer, long began) {
        timer.record(ticker.nanos() - began, TimeUnit.NANOSECONDS);
    }
}
