package chat.milena.gateway.connection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// How many bytes the outboxes of all connections may hold together, and those of one tenant. Safe for all threads.
///
/// Nobody is refused when it is full: as more than half of it is held, the bound of each single outbox shrinks with
/// what is left. So those that hold much are over their bound first, and are dropped from or given up, long before one
/// that is read gets there; and as each outbox may hold a part of what is left, something is always left.
///
/// An outbox tells what it holds in steps of [#STEP_BYTES], rounded down. Whoever reads holds less most of the time,
/// so most frames cost two reads here and change nothing; and a step is what every outbox may always hold.
///
/// Not a hard bound, then: with as many connections as may be, each may hold 4 KiB of events (8 KiB with answers)
/// beside it.
/// Bytes are those of the frames as they are written; one frame to many counts for each of them, though it is kept
/// once.
public final class OutboxBudget {
    /// What each outbox may hold, however little is left; it does not count.
    static final int STEP_BYTES = 4 * 1024;

    private final Pool all;
    private final long tenantBytesMax;
    private final Map<String, Pool> tenants = new ConcurrentHashMap<>();

    /// @param bytesMax of all connections
    /// @param tenantBytesMax of those of one tenant
    public OutboxBudget(long bytesMax, long tenantBytesMax, MeterRegistry meters) {
        this(bytesMax, tenantBytesMax);
        Gauge.builder("milena.gateway.outbox.bytes", all, Pool::held)
                .description("Bytes of frames that wait for clients to read, of all connections")
                .register(meters);
    }

    private OutboxBudget(long bytesMax, long tenantBytesMax) {
        this.all = new Pool(bytesMax);
        this.tenantBytesMax = tenantBytesMax;
    }

    /// One that is never used up: each outbox has its own bound alone.
    static OutboxBudget unbounded() {
        return new OutboxBudget(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /// A new outbox's part, to be ended with it.
    Share share(String tenant) {
        Pool pool = tenants.compute(tenant, (name, known) -> {
            Pool joined = known == null ? new Pool(tenantBytesMax) : known;
            joined.shares++;
            return joined;
        });
        return new Share(tenant, pool);
    }

    private static @Nullable Pool left(Pool pool) {
        pool.shares--;
        return pool.shares == 0 ? null : pool;
    }

    /// What is counted as held now.
    long bytes() {
        return all.held();
    }

    /// How many tenants have outboxes.
    int tenants() {
        return tenants.size();
    }

    /// What one outbox holds. Guarded by its outbox, but for the bound, which is anybody's to ask for.
    final class Share {
        private final String tenant;
        private final Pool pool;
        private long counted;
        private boolean ended;

        private Share(String tenant, Pool pool) {
            this.tenant = tenant;
            this.pool = pool;
        }

        /// The outbox holds so many bytes now.
        void holds(long bytes) {
            long counts = ended ? 0 : bytes - bytes % STEP_BYTES;
            if (counts != counted) {
                pool.add(counts - counted);
                all.add(counts - counted);
                counted = counts;
            }
        }

        /// How much an outbox may hold now, if that is its usual bound.
        int bound(int usual) {
            return (int) Math.min(pool.bound(usual), all.bound(usual));
        }

        /// The outbox is no more. Further runs do nothing.
        void end() {
            if (!ended) {
                ended = true;
                holds(0);
                tenants.computeIfPresent(tenant, (name, known) -> left(known));
            }
        }
    }

    private static final class Pool {
        private final long max;
        private final AtomicLong held = new AtomicLong();
        /// Outboxes that draw from it; guarded by the map of tenants.
        private int shares;

        private Pool(long max) {
            this.max = max;
        }

        private void add(long bytes) {
            held.addAndGet(bytes);
        }

        private long held() {
            return held.get();
        }

        private long bound(int usual) {
            long free = max - held.get();
            if (free >= max / 2) {
                return usual;
            }
            // As a fraction first: the product of bytes by bytes might not fit.
            double part = 2.0 * free / max;
            return Math.max(Math.min(usual, STEP_BYTES), (long) (usual * part));
        }
    }
}
