package chat.milena.gateway.edge;

import chat.milena.gateway.delivery.Shards;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Places for clients: one among the connections, and a lease of the user's shard. Safe for all threads.
public final class ClientPlaces {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPlaces.class);
    private static final Duration SHARD_WITHIN = Duration.ofSeconds(10);

    private final Budget connections;
    private final Shards shards;
    private final int shardCount;

    /// @param shardCount the number of shards of users
    public ClientPlaces(Budget connections, Shards shards, int shardCount) {
        this.connections = connections;
        this.shards = shards;
        this.shardCount = shardCount;
    }

    /// Whether there is no free place.
    boolean isFull() {
        return connections.isFull();
    }

    /// Takes a place and waits until the shard is being read.
    AdmittedUser take(VerifiedToken token) throws NoPlaceException {
        UserKey user = new UserKey(token.tenant(), token.userId());
        Holder holder = Holder.of(user);
        if (!connections.take(holder, 1)) {
            throw new NoPlaceException("too many connections of this user, of its tenant or in all");
        }
        try {
            int shard = user.shard(shardCount).shard();
            Shards.Lease lease = readyShard(shard);
            return new AdmittedUser(token, user, shard, new Once(() -> {
                lease.release();
                connections.giveBack(holder, 1);
            }));
        } catch (NoPlaceException | RuntimeException e) {
            connections.giveBack(holder, 1);
            throw e;
        }
    }

    private Shards.Lease readyShard(int shard) throws NoPlaceException {
        Shards.Lease lease = shards.acquire(shard);
        boolean ready = false;
        try {
            lease.ready().get(SHARD_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            ready = true;
            return lease;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Rejected a client: its shard cannot be read: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!ready) {
                lease.release();
            }
        }
        throw new NoPlaceException("not ready");
    }
}
