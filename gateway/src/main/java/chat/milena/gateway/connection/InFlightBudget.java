package chat.milena.gateway.connection;

import chat.milena.gateway.inbound.Shares;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// How many commands of all connections together may be without an outcome, and how many of those of one tenant, so
/// that one tenant's flood leaves room for the others. Safe for all threads.
///
/// When the log falls behind, its clients are told at once and not after every command has waited past its deadline:
/// a gateway that took all that comes would answer nothing in time.
public final class InFlightBudget {
    private final int max;
    private final Shares<String> tenants;
    private final AtomicInteger taken = new AtomicInteger();

    /// @param max of all tenants together
    /// @param perTenantMax of one of them
    public InFlightBudget(int max, int perTenantMax, MeterRegistry meters) {
        this.max = max;
        this.tenants = new Shares<>(perTenantMax);
        Gauge.builder("milena.gateway.commands.in.flight", taken, AtomicInteger::get)
                .description("Commands of connections that have no outcome yet")
                .register(meters);
    }

    /// Takes one place for this tenant.
    ///
    /// @return false if there is none
    boolean take(String tenant) {
        if (!tenants.take(tenant)) {
            return false;
        }
        if (taken.incrementAndGet() <= max) {
            return true;
        }
        giveBack(tenant, 1);
        return false;
    }

    /// Gives this tenant's places back.
    void giveBack(String tenant, int places) {
        taken.addAndGet(-places);
        tenants.giveBack(tenant, places);
    }

    int taken() {
        return taken.get();
    }
}
