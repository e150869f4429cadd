package chat.milena.gateway.connection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// How many commands of all connections of a gateway may be without an outcome. Safe for all threads.
///
/// Past what the sequencer can do, commands would wait in the inbound topic for longer than their senders do, and all
/// work
/// would be done for answers that nobody waits for. The bound keeps that queue short: with it, waiting takes at most
/// bound ÷ capacity, and what is beyond is refused at once.
public final class InFlightBound {
    private final int max;
    private final AtomicInteger inFlight = new AtomicInteger();

    public InFlightBound(int max, MeterRegistry meters) {
        this.max = max;
        Gauge.builder("milena.gateway.commands.in.flight", inFlight, AtomicInteger::get)
                .description("Commands without an outcome")
                .register(meters);
    }

    boolean tryTake() {
        if (inFlight.incrementAndGet() <= max) {
            return true;
        }
        inFlight.decrementAndGet();
        return false;
    }

    void release(int commands) {
        inFlight.addAndGet(-commands);
    }

    int inFlight() {
        return inFlight.get();
    }
}
