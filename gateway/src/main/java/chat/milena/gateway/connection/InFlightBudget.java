package chat.milena.gateway.connection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// How many commands of all connections together may be without an outcome. Safe for all threads.
///
/// When the log falls behind, its clients are told at once and not after every command has waited past its deadline:
/// a gateway that took all that comes would answer nothing in time.
public final class InFlightBudget {
    private final int max;
    private final AtomicInteger taken = new AtomicInteger();

    public InFlightBudget(int max, MeterRegistry meters) {
        this.max = max;
        Gauge.builder("milena.gateway.commands.in.flight", taken, AtomicInteger::get)
                .description("Commands of connections that have no outcome yet")
                .register(meters);
    }

    /// Takes one place.
    ///
    /// @return false if there is none
    boolean take() {
        if (taken.incrementAndGet() <= max) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    /// Gives places back.
    void giveBack(int places) {
        taken.addAndGet(-places);
    }

    int taken() {
        return taken.get();
    }
}
