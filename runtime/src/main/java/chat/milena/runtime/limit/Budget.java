package chat.milena.runtime.limit;

import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A bounded amount of one resource: places, bytes or ids. Counted in all and for each tenant, user and address
/// that holds some. Safe for all threads, without locks of its own.
///
/// Memory is bounded by the holders: one that holds nothing is forgotten.
///
/// **Overflow.** [#take] rejects and takes nothing. If several callers take at a bound in the same moment, the
/// attempt of one may reject another.
///
/// **Tenants.** The share of a tenant binds only while there is another tenant to share with: for ten minutes
/// after requests of two tenants alternated.
public final class Budget {
    private static final long SHARING_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int ALL_PERCENT = 100;

    private final Bounds bounds;
    private final LongSupplier nanoTime;
    private final AtomicLong held = new AtomicLong();
    private final Shares<String> tenants;
    private final Shares<UserKey> users;
    private final Shares<ClientAddress> addresses;

    private volatile @Nullable String latestTenant;
    private volatile long sharedUntilNanos;

    /// The bounds.
    ///
    /// @param all for all holders together
    /// @param tenant for one tenant, while there are others
    /// @param user for one user
    /// @param address for one address
    public record Bounds(long all, long tenant, long user, long address) {
        /// No bound.
        public static final long NONE = Long.MAX_VALUE;

        public Bounds {
            if (all < 1 || tenant < 1 || user < 1 || address < 1) {
                throw new IllegalArgumentException("each bound must be at least 1");
            }
        }

        /// A bound in all and a share of it for each tenant. Users and addresses are bounded elsewhere.
        public static Bounds of(long all, int tenantSharePercent) {
            return new Bounds(
                    all,
                    Math.max(
                            1,
                            all / ALL_PERCENT * tenantSharePercent
                                    + all % ALL_PERCENT * tenantSharePercent / ALL_PERCENT),
                    NONE,
                    NONE);
        }

        /// The same, with a bound for each user.
        public Bounds withUser(long most) {
            return new Bounds(all, tenant, most, address);
        }
    }

    public Budget(Bounds bounds) {
        this(bounds, System::nanoTime);
    }

    /// @param nanoTime a time that never goes back
    public Budget(Bounds bounds, LongSupplier nanoTime) {
        this.bounds = bounds;
        this.nanoTime = nanoTime;
        this.tenants = new Shares<>(bounds.tenant());
        this.users = new Shares<>(bounds.user());
        this.addresses = new Shares<>(bounds.address());
        this.sharedUntilNanos = nanoTime.getAsLong();
    }

    /// Takes an amount, all or nothing.
    ///
    /// @return false if a bound leaves less than that
    public boolean take(Holder holder, long amount) {
        if (!addresses.take(holder.address(), amount, bounds.address())) {
            return false;
        }
        if (!users.take(holder.user(), amount, bounds.user())) {
            addresses.add(holder.address(), -amount);
            return false;
        }
        if (!tenants.take(holder.tenant(), amount, tenantBound(holder.tenant()))) {
            users.add(holder.user(), -amount);
            addresses.add(holder.address(), -amount);
            return false;
        }
        if (held.addAndGet(amount) > bounds.all()) {
            giveBack(holder, amount);
            return false;
        }
        return true;
    }

    /// Counts an amount that is held already and cannot be rejected.
    public void add(Holder holder, long amount) {
        held.addAndGet(amount);
        users.add(holder.user(), amount);
        addresses.add(holder.address(), amount);
        tenants.add(holder.tenant(), amount);
    }

    /// Returns an amount that was taken for this holder.
    public void giveBack(Holder holder, long amount) {
        add(holder, -amount);
    }

    /// Whether no holder can take more.
    public boolean isFull() {
        return held.get() >= bounds.all();
    }

    /// The amount that is held in all.
    public long held() {
        return held.get();
    }

    /// The free part, from 0 to 1: of the whole, of the tenant's share or of the user's, whichever is least.
    public double free(Holder holder) {
        double ofAll = free(held.get(), bounds.all());
        double ofTenant = free(tenants.of(holder.tenant()), tenantBound(holder.tenant()));
        double ofUser = free(users.of(holder.user()), bounds.user());
        return Math.min(ofAll, Math.min(ofTenant, ofUser));
    }

    private static double free(long held, long bound) {
        return Math.max(0, 1 - (double) held / bound);
    }

    /// How many tenants, users and addresses hold some.
    public int holders() {
        return tenants.size() + users.size() + addresses.size();
    }

    private long tenantBound(@Nullable String tenant) {
        if (tenant == null) {
            return bounds.all();
        }
        String latest = latestTenant;
        if (!tenant.equals(latest)) {
            latestTenant = tenant;
            if (latest != null) {
                sharedUntilNanos = nanoTime.getAsLong() + SHARING_NANOS;
            }
        }
        return sharedUntilNanos - nanoTime.getAsLong() > 0 ? bounds.tenant() : bounds.all();
    }

    /// The amounts of all holders of one kind.
    private static final class Shares<K> {
        private final ConcurrentHashMap<K, Long> held = new ConcurrentHashMap<>();
        private final boolean bounded;

        private Shares(long bound) {
            this.bounded = bound != Bounds.NONE;
        }

        private boolean take(@Nullable K holder, long amount, long bound) {
            if (!bounded || holder == null || amount == 0) {
                return true;
            }
            if (held.merge(holder, amount, Long::sum) <= bound) {
                return true;
            }
            add(holder, -amount);
            return false;
        }

        private void add(@Nullable K holder, long amount) {
            if (bounded && holder != null && amount != 0) {
                held.compute(holder, (known, before) -> {
                    long after = (before == null ? 0 : before) + amount;
                    return after == 0 ? null : after;
                });
            }
        }

        private long of(@Nullable K holder) {
            return !bounded || holder == null ? 0 : held.getOrDefault(holder, 0L);
        }

        private int size() {
            return held.size();
        }
    }
}
