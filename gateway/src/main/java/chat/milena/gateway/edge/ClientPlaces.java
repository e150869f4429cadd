package chat.milena.gateway.edge;

import chat.milena.gateway.delivery.Shards;
import chat.milena.gateway.device.DeviceSessions;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Places for clients: one among the connections, and a lease of the user's shard. Safe for all threads.
public final class ClientPlaces {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPlaces.class);
    private static final Duration SHARD_WITHIN = Duration.ofSeconds(10);

    private final Budget connections;
    private final Shards shards;
    private final int shardCount;
    private final DeviceSessions devices;

    /// @param shardCount the number of shards of users
    public ClientPlaces(Budget connections, Shards shards, int shardCount, DeviceSessions devices) {
        this.devices = devices;
        this.connections = connections;
        this.shards = shards;
        this.shardCount = shardCount;
    }

    /// Whether there is no free place.
    boolean isFull() {
        return connections.isFull();
    }

    /// Takes a place and waits until the shard is being read, and until it is known that the device may connect.
    ///
    /// @param named the device that the client names; null for none
    /// @throws InvalidTokenException if the token is not good for the device, or no longer
    /// @throws chat.milena.runtime.token.TokenKeysUnavailableException if that is not known now
    AdmittedUser take(VerifiedToken token, @Nullable String named) throws NoPlaceException, InvalidTokenException {
        String deviceId = token.device(named);
        UserKey user = new UserKey(token.tenant(), token.userId());
        Holder holder = Holder.of(user);
        if (!connections.take(holder, 1)) {
            throw new NoPlaceException("too many connections of this user, of its tenant or in all");
        }
        try {
            int shard = user.shard(shardCount).shard();
            Shards.Lease lease = readyShard(shard);
            try {
                String connectionId = ConnectionIds.next();
                DeviceSessions.Session session = devices.enter(token, connectionId, deviceId);
                return new AdmittedUser(token, user, shard, connectionId, deviceId, session, new Once(() -> {
                    session.leave();
                    lease.release();
                    connections.giveBack(holder, 1);
                }));
            } catch (InvalidTokenException | RuntimeException e) {
                lease.release();
                throw e;
            }
        } catch (NoPlaceException | InvalidTokenException | RuntimeException e) {
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
