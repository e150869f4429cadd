package chat.milena.gateway.connection;

import chat.milena.gateway.inbound.TenantPlaces;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// How many commands of all connections together may be without an outcome, and how many of those of one tenant, so
/// that one tenant's flood leaves room for the others. Safe for all threads.
///
/// When the log falls behind, its clients are told at once and not after every command has waited past its deadline:
/// a gateway that took all that comes would answer nothing in time.
public final class InFlightBudget {
    private final TenantPlaces places;

    /// @param max of all tenants together
    /// @param perTenantMax of one of them
    public InFlightBudget(int max, int perTenantMax, MeterRegistry meters) {
        this.places = new TenantPlaces(max, perTenantMax);
        Gauge.builder("milena.gateway.commands.in.flight", places, TenantPlaces::taken)
                .description("Commands of connections that have no outcome yet")
                .register(meters);
    }

    /// Takes one place for this tenant.
    ///
    /// @return false if there is none
    boolean take(String tenant) {
        return places.take(tenant);
    }

    /// Gives this tenant's places back.
    void giveBack(String tenant, int count) {
        places.giveBack(tenant, count);
    }

    int taken() {
        return places.taken();
    }
}
