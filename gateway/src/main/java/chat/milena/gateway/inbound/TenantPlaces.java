package chat.milena.gateway.inbound;

import java.util.concurrent.atomic.AtomicInteger;

/// Places of which all tenants together may take so many, and each of them its share. Safe for all threads.
public final class TenantPlaces {
    private final int max;
    private final Shares<String> tenants;
    private final AtomicInteger taken = new AtomicInteger();

    /// @param max of all tenants together
    /// @param perTenantMax of one of them
    public TenantPlaces(int max, int perTenantMax) {
        this.max = max;
        this.tenants = new Shares<>(perTenantMax);
    }

    /// Takes one place for this tenant.
    ///
    /// @return false if there is none
    public boolean take(String tenant) {
        if (!tenants.take(tenant)) {
            return false;
        }
        if (taken.getAndUpdate(before -> before < max ? before + 1 : before) < max) {
            return true;
        }
        tenants.giveBack(tenant, 1);
        return false;
    }

    /// Gives this tenant's places back.
    public void giveBack(String tenant, int places) {
        taken.addAndGet(-places);
        tenants.giveBack(tenant, places);
    }

    /// How many are taken.
    public int taken() {
        return taken.get();
    }
}
